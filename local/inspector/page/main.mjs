/** The inspector's page: it gets each exchange, and each change of one, as an event. */
import { copyAsCurl, replay, showDoors, showExchange } from './detail.mjs';
import { byId } from './elements.mjs';
import { focusRow, neighbour, renderList } from './list.mjs';

/** As many as the server keeps. */
const KEPT = 200;

const exchanges = new Map();
let doors = [];
let chosen;
/** Whether the next new exchange is shown: it is the one that was just replayed. */
let showNext = false;

const source = new EventSource('exchanges');
source.onopen = () => setLive(true);
source.onerror = () => setLive(false);
source.addEventListener('start', () => { exchanges.clear(); render(); });
source.addEventListener('doors', (message) => { doors = JSON.parse(message.data); renderDoors(); });
source.addEventListener('notice', (message) => {
  const { text } = JSON.parse(message.data);
  byId('notice').textContent = text;
  byId('notice').hidden = text === '';
});
source.onmessage = (message) => {
  const exchange = JSON.parse(message.data);
  const isNew = !exchanges.has(exchange.id);
  exchanges.set(exchange.id, exchange);
  if (exchanges.size > KEPT) exchanges.delete(exchanges.keys().next().value);
  if (isNew && (showNext || chosen === undefined)) {
    chosen = exchange.id;
    showNext = false;
  }
  renderList(exchanges, chosen, choose);
  if (exchange.id === chosen) showExchange(exchange, doors, replayChosen);
};

function setLive(on) {
  byId('live').classList.toggle('on', on);
  byId('live').title = on ? 'live' : 'not connected: was the command ended?';
}

function renderDoors() {
  const { value } = byId('door');
  const names = [...new Set(doors.map(({ name }) => name))];
  byId('door').replaceChildren(new Option('all', ''), ...names.map((name) => new Option(name, name)));
  byId('door').value = names.includes(value) ? value : '';
  render();
}

function render() {
  renderList(exchanges, chosen, choose);
  const exchange = exchanges.get(chosen);
  if (exchange) showExchange(exchange, doors, replayChosen);
  else showDoors(doors);
}

function choose(id) {
  chosen = id;
  render();
}

async function clear() {
  await fetch('exchanges', { method: 'DELETE' });
  exchanges.clear();
  chosen = undefined;
  render();
}

function move(step) {
  const id = neighbour(chosen, step);
  if (id === undefined) return;
  choose(id);
  focusRow(id);
}

const KEYS = {
  'j': () => move(1),
  'ArrowDown': () => move(1),
  'k': () => move(-1),
  'ArrowUp': () => move(-1),
  '/': () => byId('search').focus(),
  'r': () => exchanges.has(chosen) && replayChosen(),
  'c': () => exchanges.has(chosen) && copyAsCurl(exchanges.get(chosen)),
  'x': clear,
  '?': () => byId('keys').showModal(),
};

async function replayChosen() {
  showNext = true;
  await replay(exchanges.get(chosen));
  showNext = false;
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && document.activeElement === byId('search')) {
    byId('search').value = '';
    byId('search').blur();
    render();
    return;
  }
  const typing = document.activeElement.matches('input, select, textarea') || byId('keys').open;
  // In the detail, arrows scroll.
  const scrolling = event.key.startsWith('Arrow') && byId('detail').contains(document.activeElement);
  if (typing || scrolling || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

byId('door').onchange = byId('search').oninput = () => renderList(exchanges, chosen, choose);
byId('clear').onclick = clear;
byId('help').onclick = () => byId('keys').showModal();
