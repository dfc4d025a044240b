import { ResponseHead } from '../http/web-response';

/**
 * The headers for a door that accepts one value per name. Repeated headers are joined with a comma. Cookies cannot be
 * joined, so each gets a different letter case (`Set-cookie`, `sEt-cookie`, …): different keys in the map, but the same
 * header for the client.
 */
export function singleValueHeaders(response: ResponseHead): Record<string, string> {
  const fields: Record<string, string> = {};
  let cookies = 0;
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    if (name === 'set-cookie') {
      for (const cookie of typeof value === 'string' ? [value] : value) {
        fields[letterCase(name, cookies++)] = cookie;
      }
      continue;
    }
    fields[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return fields;
}

/** The n-th letter case of a name: each binary digit of n makes one letter upper case. */
function letterCase(name: string, n: number): string {
  const digits = [...n.toString(2)].reverse();
  return name.replace(/[a-z]/g, (letter) => digits.shift() === '1' ? letter.toUpperCase() : letter);
}
