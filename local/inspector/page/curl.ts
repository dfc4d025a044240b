import type { Exchange } from '../exchange';

/** Headers that curl sets itself, or that belong to one connection. */
const LEFT_OUT = /^(host|content-length|connection|transfer-encoding|expect)$/i;

/**
 * Writes a request as a curl command for a POSIX shell, with every header, and the path and body byte for byte.
 * A body that was cut off is left out.
 *
 * @param origin the door's scheme, host and port
 */
export function toCurl(request: Exchange['request'], origin: string): string {
  const { method, target, headers, body } = request;
  const args = [quote(origin + target), '--globoff', '--path-as-is'];
  const hasBody = body.size > 0 && !body.cut;
  if (method === 'HEAD') args.push('--head');
  else if (method !== (hasBody ? 'POST' : 'GET')) args.push(`--request ${quote(method)}`);
  for (const [name, value] of headers) {
    const isOwnHost = name.toLowerCase() === 'host' && `http://${value}` !== origin;
    // A name with a semicolon is a header without a value.
    if (isOwnHost || !LEFT_OUT.test(name)) args.push(`--header ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  // curl would add these by itself.
  for (const name of ['User-Agent', 'Accept', ...(hasBody ? ['Content-Type'] : [])]) {
    if (!headers.some(([given]) => given.toLowerCase() === name.toLowerCase())) args.push(`--header ${quote(`${name}:`)}`);
  }
  if (headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) args.push('--compressed');
  if (!hasBody) return `curl ${args.join(' \\\n  ')}`;
  // A shell cannot hold a null byte.
  if (body.text === undefined || body.text.includes('\0')) {
    const base64 = body.base64 ?? toBase64(body.text!);
    return `printf %s ${quote(base64)} | base64 -d | curl ${[...args, '--data-binary @-'].join(' \\\n  ')}`;
  }
  // A text that begins with @ would be the name of a file.
  return `curl ${[...args, `--data-raw ${quote(body.text)}`].join(' \\\n  ')}`;
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function quote(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
