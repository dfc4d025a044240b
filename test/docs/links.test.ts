/** Internal links of all pages. Links to other sites are checked by a workflow: they change when nothing here does. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** All pages that people read: those at the top, and those of these folders. */
const PAGES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
  .filter(file => (/^[^/]+\.md$|^(docs|examples|bench|lambda-runtime|test)\//).test(file) && existsSync(path.join(ROOT, file)));

/** The text without code, in which brackets are not links, and without comments. */
function proseOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
    .replace(/^( *)(```+|~~~+).*\n[^]*?^\1\2`*$/gm, '')
    .replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, code => code.replace(/[[\]()<>]/g, ' '))
    .replace(/<!--[^]*?-->/g, '');
}

/** Targets of links, images and HTML attributes. */
function linksOf(file: string): string[] {
  const prose = proseOf(file);
  return [
    ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm),
    ...prose.matchAll(/<[a-z][^>]*?\s(?:href|src|srcset)="([^"]+)"/g),
  ].map(([, target]) => target);
}

/** The pages that registries show outside of the repository, where only absolute links lead anywhere. */
const SHOWN_BY_REGISTRIES = ['README.md', 'lambda-runtime/python/README.md'];

const { repository } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const [, OWNER_AND_NAME] = /^https:\/\/github\.com\/(.*)\.git$/.exec(repository.url)!;

function isAbsolute(link: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//');
}

/** The path from the root that an absolute link to this repository means, with its anchor. Undefined for other links. */
function pathInRepository(link: string): string | undefined {
  const [, file] = new RegExp(`^https://(?:github\\.com/${OWNER_AND_NAME}/(?:blob|tree)|raw\\.githubusercontent\\.com/${OWNER_AND_NAME})/main/(.*)$`).exec(link) ?? [];
  if (file !== undefined) return file;
  const [, anchor] = new RegExp(`^https://github\\.com/${OWNER_AND_NAME}(#.*)?$`).exec(link) ?? [];
  return anchor === undefined ? undefined : `README.md${anchor}`;
}

const anchors = new Map<string, Set<string>>();

/** The anchors of a page: those that GitHub makes of its headings, and those that are written in HTML. */
function anchorsOf(file: string): Set<string> {
  const known = anchors.get(file);
  if (known) return known;
  const found = new Set<string>();
  const text = readFileSync(path.join(ROOT, file), 'utf8').replace(/^( *)(```+|~~~+).*\n[^]*?^\1\2`*$/gm, '');
  for (const [, heading] of text.matchAll(/^#{1,6} +(.*?)(?: +#+)? *$/gm)) {
    const slug = slugOf(heading);
    let anchor = slug;
    for (let count = 1; found.has(anchor); count++) anchor = `${slug}-${count}`;
    found.add(anchor);
  }
  for (const [tag] of text.matchAll(/<[a-z][^>]*>/g)) {
    for (const [, name] of tag.matchAll(/\s(?:name|id)="([^"]+)"/g)) found.add(name);
  }
  anchors.set(file, found);
  return found;
}

/** As GitHub does: the text of links, no punctuation, hyphens for spaces. */
function slugOf(heading: string): string {
  return heading
    .replace(/<[^>]+>/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** What is wrong with a link, or undefined. */
function problemOf(page: string, link: string): string | undefined {
  const inRepository = pathInRepository(link);
  if (inRepository === undefined && isAbsolute(link)) return undefined;
  const [target, anchor] = (inRepository ?? link).split('#') as [string, string | undefined];
  const from = inRepository === undefined ? path.posix.dirname(page) : '.';
  const file = target === '' ? page : path.posix.normalize(path.posix.join(from, decodeURI(target)));
  if (file.startsWith('..')) return 'leads out of the repository';
  const absolute = path.join(ROOT, file);
  if (!existsSync(absolute)) return 'does not exist';
  if (anchor === undefined) return undefined;
  const pageOfAnchor = statSync(absolute).isDirectory() ? path.posix.join(file, 'README.md') : file;
  if (!pageOfAnchor.endsWith('.md')) return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : 'has an anchor that is not of a page';
  return anchorsOf(pageOfAnchor).has(decodeURIComponent(anchor)) ? undefined : `has no heading with the anchor #${anchor}`;
}

test('pages and links are found', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'API.md', 'CONTRIBUTING.md', 'docs/README.md', 'bench/README.md', 'examples/express/README.md']));
  expect(linksOf('docs/README.md')).toEqual(expect.arrayContaining(['app-kinds.md', '../API.md', 'development-loop.md#the-first-minutes']));
  expect(linksOf('README.md').length).toBeGreaterThan(10);
});

test.each(PAGES)('%s has no dead link', (page) => {
  expect(linksOf(page).map(link => [link, problemOf(page, link)]).filter(([, problem]) => problem !== undefined)).toEqual([]);
});

test.each(SHOWN_BY_REGISTRIES)('%s has absolute links only, since PyPI, NuGet and others show it outside of the repository', (page) => {
  expect(linksOf(page).filter(link => !isAbsolute(link))).toEqual([]);
});

test.each([
  ['https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app/blob/main/docs/missing.md', 'does not exist'],
  ['https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app/blob/main/docs/front-doors.md#no-such-heading', 'has no heading with the anchor #no-such-heading'],
  ['https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app#no-such-heading', 'has no heading with the anchor #no-such-heading'],
  ['https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app#start', undefined],
  ['https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app/tree/main/examples/express', undefined],
  ['https://raw.githubusercontent.com/cdk-wrapped-web-app/cdk-wrapped-web-app/main/docs/images/missing.svg', 'does not exist'],
  ['docs/missing.md', 'does not exist'],
  ['docs/front-doors.md#no-such-heading', 'has no heading with the anchor #no-such-heading'],
  ['../outside.md', 'leads out of the repository'],
  ['docs/front-doors.md#an-api-or-listener-that-is-there-already', undefined],
  ['examples/express', undefined],
  ['https://example.com/#x', undefined],
])('a link to %s in the README would be judged: %s', (link, problem) => {
  expect(problemOf('README.md', link)).toBe(problem);
});

test('every page of docs/ can be reached from its index', () => {
  const reached = new Set<string>();
  const visit = (page: string): void => {
    if (reached.has(page) || !PAGES.includes(page)) return;
    reached.add(page);
    if (page !== 'docs/README.md' && !/\/README\.md$/.test(page)) return;
    for (const link of linksOf(page).filter(one => !/^[a-z]+:/.test(one))) {
      const file = path.posix.normalize(path.posix.join(path.posix.dirname(page), link.split('#')[0]));
      visit(PAGES.includes(file) ? file : path.posix.join(file, 'README.md'));
    }
  };
  visit('docs/README.md');
  expect(PAGES.filter(page => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});

test('no page holds both sides of a merge', () => {
  expect(PAGES.filter(page => /^(<{7}|>{7}) /m.test(readFileSync(path.join(ROOT, page), 'utf8')))).toEqual([]);
});
