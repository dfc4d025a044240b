import { copy, el, say } from './elements.mjs';
import { colourJson, colourText, headOf, renderBody, renderHead, sizeOf, typeOf } from './format.mjs';

/** What an exchange consists of: HTTP request and log, then event, result and answer. */
export function renderPanels({ request, event, result, answer, logs }) {
  return el('div', 'panels', renderRequest(request), renderLog(logs), renderEvent(event, answer), renderResult(result, event), renderAnswer(answer));
}

function panel(title, note, copied, ...content) {
  const button = el('button', '', 'copy');
  button.setAttribute('aria-label', `copy: ${title}`);
  button.onclick = async () => { await copy(copied); say('copied'); };
  return el('section', 'panel', el('header', '', el('h3', '', title), el('span', 'note', note), copied ? button : undefined), ...content);
}

function renderRequest(request) {
  const head = headOf(`${request.method} ${request.target} HTTP/${request.httpVersion}`, request.headers);
  return panel('HTTP request', sizeOf(request.body), `${head}\n\n${request.body.text ?? ''}`, renderHead(head), ...renderBody(request.body, typeOf(request.headers)));
}

function renderLog({ lines, cut }) {
  const text = lines.map((line) => line.text).join('\n');
  const content = lines.length === 0 ? el('pre', 'm', 'The function printed nothing.') : el('pre', '',
    ...lines.flatMap((line) => [el('span', 'm', `${String(line.at).padStart(5)} ms  `), el('span', line.error ? 'e' : '', line.text), '\n']),
    cut ? el('span', 'm', '… and more: see the terminal') : undefined);
  const log = panel('Log', lines.length === 1 ? '1 line' : `${lines.length} lines`, text, content);
  log.classList.add('wide');
  return log;
}

function renderEvent(event, answer) {
  if (!event) return panel('Event', '', '', el('pre', 'm', answer ? 'The door answered by itself.' : ''));
  return panel('Event', 'sent to the function', JSON.stringify(event, null, 2), el('pre', '', ...colourJson(event)));
}

function renderResult(result, event) {
  if (!result) return panel('Result', '', '', el('pre', 'm', event ? 'No result yet, or none in time.' : 'The function was not invoked.'));
  switch (result.kind) {
    case 'error': {
      const stack = result.stack?.join('\n') ?? '';
      return panel('Result', 'the function failed', `${result.errorType}: ${result.errorMessage}\n${stack}`,
        el('pre', 'e', `${result.errorType}: ${result.errorMessage}`), stack ? el('pre', '', stack) : undefined);
    }
    case 'stream':
      return panel('Result', `streamed, ${result.chunks.length} chunks`, '', el('div', 'at', result.contentType), ...result.chunks.flatMap(({ at, body }) =>
        [el('div', 'at', `after ${at} ms, ${sizeOf(body)}`), el('pre', '', (body.text ?? body.base64).replaceAll('\0', '␀'))]));
    default:
      return panel('Result', sizeOf(result.body), result.body.text, el('pre', '', ...colourText(result.body.text ?? result.body.base64)));
  }
}

function renderAnswer(answer) {
  if (!answer) return panel('HTTP answer', '', '', el('pre', 'm', 'Not yet.'));
  const head = headOf(`HTTP/1.1 ${answer.status} ${answer.statusText ?? ''}`.trim(), answer.headers);
  return panel('HTTP answer', sizeOf(answer.body), `${head}\n\n${answer.body.text ?? ''}`, renderHead(head), ...renderBody(answer.body, typeOf(answer.headers)));
}
