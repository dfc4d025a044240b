import { Cases, MakeRequest } from './compare-requests';
import { Framework } from './frameworks';
import { FILE, multipart } from './requests';
import { send, SentRequest } from '../local/fixtures/http-client';

/** More pages than this say nothing new. */
const MAX_PAGES = 100;

const BROWSER: readonly [string, string][] = [
  ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'], ['Accept-Encoding', 'gzip, deflate, br'], ['Accept-Language', 'de,en;q=0.5'],
  ['User-Agent', 'Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36'],
];

/** What a browser fills into the fields of a form, by their type. */
const VALUES: Record<string, string> = { email: 'zoe@example.com', password: 'correct horse 1', number: '3', date: '2026-01-31', url: 'https://example.com' };

/** Follows the links of a site from its first page, and makes requests of its pages, files and forms, and of what is wrong at each of them. */
export async function crawl(url: string, data: Framework['data']): Promise<Cases> {
  const cases: Record<string, SentRequest | MakeRequest> = {};
  const pages = ['/'];
  const found = new Set(pages);
  let file: string | undefined;
  for (let next = pages.shift(); next; next = pages.shift()) {
    const response = await send(url, { path: next });
    cases[`GET ${next}`] = { path: next };
    if (!response.headers['content-type']?.[0].startsWith('text/html')) {
      if (response.status === 200) file ??= next;
      continue;
    }
    const html = response.body.toString();
    if (response.status === 200) {
      cases[`${next}, as browsers ask for it`] = { path: next, headers: BROWSER };
      if (data) cases[`the data of ${next}`] = data(next);
      formsOf(html).forEach((form, index) => { cases[`form ${index + 1} of ${next}, ${form.action ?? next}`] = submit(next, index); });
    }
    for (const link of linksOf(html)) {
      const target = new URL(link, new URL(next, url));
      const path = target.pathname + target.search;
      if (target.origin !== new URL(url).origin || found.has(path) || found.size >= MAX_PAGES) continue;
      found.add(path);
      pages.push(path);
    }
  }
  return {
    ...cases,
    'HEAD /': { method: 'HEAD', path: '/' },
    'a page that is not there': { path: '/nothing/here?a=1&a=2' },
    'a page that is not there, as browsers ask for it': { path: '/nothing/here', headers: BROWSER },
    'DELETE /': { method: 'DELETE', path: '/' },
    'POST / with JSON': { method: 'POST', path: '/', headers: [['Content-Type', 'application/json']], body: '{"a":"ü"}' },
    'POST / with a file': { path: '/', ...multipart({ note: 'x', file: FILE }) },
    'a file above the folder': { path: '/..%2f..%2fpackage.json' },
    'a path that is not UTF-8': { path: '/%ff' },
    ...file && {
      [`HEAD ${file}`]: { method: 'HEAD', path: file },
      [`a part of ${file}`]: { path: file, headers: [['Range', 'bytes=1-3']] },
      [`${file} that did not change`]: async (ask) => {
        const { headers } = await ask({ path: file });
        return { path: file, headers: headers.etag ? [['If-None-Match', headers.etag[0]]] : [] };
      },
    },
  };
}

function linksOf(html: string): string[] {
  const links = [...html.matchAll(/\s(?:href|src|poster)="([^"#]+)/g)].map(([, link]) => link);
  const images = [...html.matchAll(/\s(?:srcset|srcSet|imagesrcset|imageSrcSet)="([^"]+)"/g)].flatMap(([, set]) => set.split(/,\s+/).map((each) => each.trim().split(/\s/)[0]));
  return [...links, ...images].map(decoded).filter((link) => URL.canParse(link, 'http://site'));
}

interface Form {
  readonly action?: string;
  readonly method: string;
  readonly type?: string;
  readonly fields: Record<string, string>;
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)].map(([, tag, content]) => ({
    action: attribute(tag, 'action'),
    method: (attribute(tag, 'method') ?? 'GET').toUpperCase(),
    type: attribute(tag, 'enctype') ?? attribute(tag, 'encType'),
    fields: Object.fromEntries([...content.matchAll(/<(?:input|textarea|select|button)\b([^>]*)>/g)].flatMap(([, field]) => {
      const name = attribute(field, 'name');
      return name === undefined ? [] : [[name, attribute(field, 'value') || VALUES[attribute(field, 'type') ?? ''] || 'Zoë']];
    })),
  }));
}

/** Sends a form as a browser without scripts does, with what its page on the same server has in hidden fields. */
function submit(page: string, index: number): MakeRequest {
  return async (ask, url) => {
    const form = formsOf((await ask({ path: page })).body.toString())[index];
    if (!form) throw new Error(`${page} at ${url} has no form ${index + 1}`);
    const { pathname, search } = new URL(form.action ?? page, new URL(page, 'http://site'));
    const encoded = new URLSearchParams(form.fields).toString();
    if (form.method === 'GET') return { path: `${pathname}?${encoded}` };
    const sent: Pick<SentRequest, 'method' | 'headers' | 'body'> = form.type === 'multipart/form-data'
      ? multipart(form.fields)
      : { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: encoded };
    return { path: pathname + search, ...sent, headers: [...sent.headers!, ['Origin', new URL(url).origin]] };
  };
}

function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? [];
  return value === undefined ? undefined : decoded(value);
}

function decoded(text: string): string {
  return text.replace(/&quot;/g, '"').replace(/&#x27;|&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
