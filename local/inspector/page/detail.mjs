import { byId, copy, el, say } from './elements.mjs';
import { renderPanels } from './panels.mjs';
import { toCurl } from './curl';

/** Shows one exchange, and what can be done with it. */
export function showExchange(exchange, doors, onReplay) {
  const { request, door, app, time, duration, reason, url } = exchange;
  // A choice that was made here stays while the same exchange goes on.
  const through = byId('through')?.dataset.exchange === String(exchange.id) ? byId('through').value : url;
  byId('detail').replaceChildren(
    el('h2', 'mono', `${request.method} ${request.target}`),
    el('div', 'about',
      [door, app, new Date(time).toLocaleTimeString(), duration === undefined ? 'under way' : `${duration} ms`].filter(Boolean).join(' · '),
      renderActions(exchange, doors, through, onReplay)),
    ...(reason ? [el('div', 'reason', reason)] : []),
    renderPanels(exchange));
}

function renderActions(exchange, doors, through, onReplay) {
  const replayButton = el('button', '', 'Replay');
  replayButton.setAttribute('aria-keyshortcuts', 'r');
  replayButton.onclick = onReplay;
  const select = el('select', '', ...doors.map(({ name, path, url }) => new Option(`through ${name}, ${path}`, url, false, url === through)));
  select.id = 'through';
  select.dataset.exchange = exchange.id;
  select.setAttribute('aria-label', 'The door to replay through');
  const curlButton = el('button', '', 'Copy as curl');
  curlButton.setAttribute('aria-keyshortcuts', 'c');
  curlButton.onclick = () => copyAsCurl(exchange);
  return el('span', 'actions', replayButton, select, curlButton);
}

/** Sends the request again. The server does it, since a page may not send every header and byte. */
export async function replay(exchange) {
  const response = await fetch('replay', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: exchange.id, url: byId('through').value }),
  }).catch((error) => ({ ok: false, text: async () => error.message }));
  say(response.ok ? 'replayed' : `not replayed: ${await response.text()}`);
}

export async function copyAsCurl(exchange) {
  await copy(toCurl(exchange.request, new URL(exchange.url).origin));
  say(exchange.request.body.cut ? 'copied, without the body, which is too large' : 'copied as curl');
}

/** What is seen before the first request: where to send it. */
export function showDoors(doors) {
  byId('detail').replaceChildren(
    el('h2', '', 'Nothing yet'),
    el('p', '', 'Open a door in a browser, or send it a request. Each request then appears here with its event, the function’s result and log, and the answer.'),
    el('div', 'doors', ...doors.map(({ name, path, url }) => {
      const link = el('a', 'mono', url);
      link.href = url;
      link.target = '_blank';
      link.rel = 'noopener';
      const row = el('div', '', el('span', '', name), el('span', 'm', path), el('span', '', link));
      row.style.setProperty('--door', `var(--${name})`);
      return row;
    })));
}
