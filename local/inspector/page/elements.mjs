export const byId = (id) => document.getElementById(id);

/** An element with classes, text or children. Text is never parsed as HTML. */
export function el(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** Copies text. Browsers have a clipboard only on HTTPS and on this machine, so there is an older way too. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.body.appendChild(el('textarea', '', text));
  area.select();
  document.execCommand('copy');
  area.remove();
}

let clearing;

/** Says what has been done, for a moment, also to screen readers. */
export function say(text) {
  byId('status').textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => (byId('status').textContent = ''), 3000);
}
