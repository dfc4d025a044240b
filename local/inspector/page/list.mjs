import { byId, el } from './elements.mjs';

/** The rows of the list, by the exchange's ID. A row is updated in place, so that it keeps the focus. */
const rows = new Map();

/** Shows the exchanges that match the filters, the latest first. */
export function renderList(exchanges, chosen, onChoose) {
  for (const [id, row] of rows) {
    if (exchanges.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  let shown = 0;
  for (const exchange of exchanges.values()) {
    let row = rows.get(exchange.id);
    if (!row) {
      row = el('li', '', el('button', ''));
      row.firstChild.onclick = () => onChoose(exchange.id);
      rows.set(exchange.id, row);
      byId('list').prepend(row);
    }
    row.hidden = !matches(exchange);
    shown += row.hidden ? 0 : 1;
    updateRow(row.firstChild, exchange, exchange.id === chosen);
  }
  byId('empty')?.remove();
  if (shown === 0) {
    const empty = el('li', '', exchanges.size ? 'No request matches.' : 'No requests yet.');
    empty.id = 'empty';
    byId('list').append(empty);
  }
}

function updateRow(button, { request, answer, door, app, duration, time }, isChosen) {
  button.replaceChildren(
    el('span', `status s${answer ? Math.floor(answer.status / 100) : 0}`, answer ? String(answer.status) : '…'),
    el('span', 'target mono', `${request.method} ${request.target}`),
    el('span', 'm', duration === undefined ? '' : `${duration} ms`),
    el('span', 'more', el('span', '', `${door}${app ? ` · ${app}` : ''}`), el('span', '', new Date(time).toLocaleTimeString())));
  button.style.setProperty('--door', `var(--${door})`);
  button.setAttribute('aria-current', String(isChosen));
}

function matches({ request, answer, app, door }) {
  const text = `${request.method} ${request.target} ${answer?.status ?? ''} ${app ?? ''}`.toLowerCase();
  return (!byId('door').value || byId('door').value === door) && text.includes(byId('search').value.trim().toLowerCase());
}

/** The ID of the exchange that many rows below this one; of the first if there is none. */
export function neighbour(id, step) {
  const ids = [...byId('list').children].filter((row) => !row.hidden && row.id !== 'empty').map((row) => [...rows].find(([, candidate]) => candidate === row)[0]);
  const index = ids.indexOf(id);
  return ids[index < 0 ? 0 : Math.min(Math.max(index + step, 0), ids.length - 1)];
}

export function focusRow(id) {
  rows.get(id)?.firstChild.focus();
}
