import { ResponseHead } from '../http/web-response';

/**
 * The headers for a door that takes one value per name. Repeated headers are joined with a comma. Cookies cannot be joined:
 * each gets a spelling of `set-cookie` of its own (`Set-cookie`, `sEt-cookie`, …), which are different names in the map
 * and the same header to the client.
 */
export function singleValueHeaders(response: ResponseHead): Record<string, string> {
  const fields: Record<string, string> = {};
  let cookies = 0;
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    if (name === 'set-cookie') {
      for (const cookie of typeof value === 'string' ? [value] : value) {
        fields[spelling(name, cookies++)] = cookie;
      }
      continue;
    }
    const text = typeof value === 'string' ? value : value.join(', ');
    fields[name] = Object.hasOwn(fields, name) ? `${fields[name]}, ${text}` : text;
  }
  return fields;
}

/** The n-th spelling of a name: the binary digits of n say which of its letters are capitals. */
function spelling(name: string, n: number): string {
  const digits = [...n.toString(2)].reverse();
  return name.replace(/[a-z]/g, (letter) => digits.shift() === '1' ? letter.toUpperCase() : letter);
}
