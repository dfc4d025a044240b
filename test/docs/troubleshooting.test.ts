import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');

/** The sources that print messages, each as one line, in which the parts of a long message are joined. */
const SOURCES = ['src', 'lambda-runtime/node', 'lambda-runtime/python', 'local']
  .flatMap(folder => (readdirSync(path.join(ROOT, folder), { recursive: true }) as string[]).map(file => path.join(folder, file)))
  .filter(file => /\.(ts|py)$/.test(file))
  .map(file => joinTexts(readFileSync(path.join(ROOT, file), 'utf8')));

/** `'one ' + 'two'` is `one two`, over lines and in Python without a plus too. */
function joinTexts(source: string): string {
  return source
    .replace(/(['"`])\s*\+?\s*f?(['"`])/g, (match, end, start) => (match.length > 2 && (match.includes('+') || match.includes('\n')) ? '' : end + start))
    .replace(/\\'/g, "'")
    .replace(/\s+/g, ' ');
}

/** The messages in the first column of the tables of a part of the page. */
function messagesOf(text: string): string[] {
  return [...text.matchAll(/^\| (`.*?)(?<!\\) \| /gm)].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message]) => message));
}

const [, OURS] = /<!-- messages -->([^]*)<!-- end of the messages -->/.exec(PAGE)!;

/** Whether the parts of a message, between the names of the user, are in one file in this order and near each other. */
function isInSources(message: string): boolean {
  const parts = message.split('…').map(part => part.trim()).filter(part => part.replace(/[^a-z]/gi, '').length > 2);
  if (parts.length === 0) return false;
  return SOURCES.some(source => {
    for (let start = source.indexOf(parts[0]); start !== -1; start = source.indexOf(parts[0], start + 1)) {
      let at = start;
      const isWhole = parts.every(part => {
        const found = source.indexOf(part, at);
        if (found === -1 || found - at > 400) return false;
        at = found + part.length;
        return true;
      });
      if (isWhole) return true;
    }
    return false;
  });
}

test('the page has messages', () => {
  expect(messagesOf(OURS).length).toBeGreaterThan(45);
});

test.each(messagesOf(OURS).filter(message => message !== 'Could not resolve'))('the sources have the message: %s', (message) => {
  expect(isInSources(message)).toBe(true);
});

test.each(['frontDoor must be one of … or a Door, got …', 'no such message at all', '…'])('they do not have: %s', (message) => {
  expect(isInSources(message)).toBe(false);
});
