import { el } from './elements.mjs';

export function headOf(first, headers) {
  return [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
}

export function renderHead(head) {
  const [first, ...lines] = head.split('\n');
  return el('pre', '', el('strong', '', first), ...lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return ['\n', el('span', 'k', line.slice(0, colon)), line.slice(colon)];
  }));
}

export function renderBody(body, type) {
  if (body.size === 0) return [];
  if (body.base64 && type.startsWith('image/') && !body.cut) {
    const image = el('img', '');
    image.alt = 'the body, an image';
    image.src = `data:${type};base64,${body.base64}`;
    return [image];
  }
  const rest = body.cut ? [el('span', 'm', '\n… and more')] : [];
  if (body.base64) return [el('pre', '', el('span', 'm', 'in base64: '), body.base64.slice(0, 4000), ...rest)];
  return [el('pre', '', ...(type.includes('json') ? colourText(body.text) : [body.text]), ...rest)];
}

export function typeOf(headers) {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].split(';')[0].trim().toLowerCase() ?? '';
}

export function sizeOf({ size }) {
  return size === 0 ? 'no body' : size < 10_000 ? `${size} bytes` : `${(size / 1024).toFixed(0)} KB`;
}

export function colourText(text) {
  try {
    return colourJson(JSON.parse(text));
  } catch {
    return [text];
  }
}

export function colourJson(value) {
  const nodes = [];
  let rest = 0;
  const json = JSON.stringify(value, null, 2);
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    nodes.push(json.slice(rest, match.index));
    const [whole, string, colon] = match;
    nodes.push(el('span', string ? (colon ? 'k' : 's') : 'n', string ?? whole), colon ?? '');
    rest = match.index + whole.length;
  }
  return [...nodes, json.slice(rest)];
}
