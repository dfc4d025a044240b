import { MakeRequest } from './compare-requests';
import { compareSite } from './compare-site';
import { diskIsReadOnly } from './recipe';
import { FILE, multipart } from './requests';

/** Sends the form as a browser without scripts does. */
const withAction = (name: string): MakeRequest => async (ask, url) => {
  const page = (await ask({ path: '/form' })).body.toString();
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?\/>/g)].map(([, field, value = '']) => [field, value] as const);
  if (hidden.length === 0) throw new Error(`${url}form has no server action`);
  const form = multipart({ ...Object.fromEntries(hidden), name, file: FILE });
  return { path: '/form', ...form, headers: [...form.headers!, ['Origin', new URL(url).origin]] };
};

/** Sends the form as the scripts of Next do. */
const throughRouter: MakeRequest = async (ask, url) => {
  const [, action] = /name="\$ACTION_ID_(\w+)"/.exec((await ask({ path: '/form' })).body.toString())!;
  const form = multipart({ '1_name': 'Zoë', '1_file': FILE, '0': '["$K1"]' });
  return { path: '/form', ...form, headers: [...form.headers!, ['Origin', new URL(url).origin], ['Next-Action', action], ['Accept', 'text/x-component']] };
};

/** The router adds a key to the URL that is made of its headers. Next redirects requests without it to the URL that has it. */
const dataOf = (headers: [string, string][]): MakeRequest => async (ask) => (
  { path: (await ask({ path: '/items/1', headers })).headers.location[0], headers }
);

compareSite({
  framework: 'next',
  streams: ['a streamed page', 'events'],
  cases: {
    'a server action': withAction('Zoë'),
    'a server action through the router': throughRouter,
    'a server action of another origin': async (ask, url) => {
      const request = await withAction('x')(ask, url);
      return { ...request, headers: [...request.headers!.filter(([name]) => name !== 'Origin'), ['Origin', 'https://elsewhere.example.com']] };
    },
    'data of a page for the router, without its key': { path: '/items/1', headers: [['RSC', '1']] },
    'data of a page for the router': dataOf([['RSC', '1']]),
    'data of a page that is prefetched': dataOf([['RSC', '1'], ['Next-Router-Prefetch', '1']]),
    'a rewrite of the proxy': { path: '/rewritten' },
    'a redirect of the proxy': { path: '/redirected' },
    'a static page': { path: '/isr' },
    'a page that is made again': { method: 'POST', path: '/api/revalidate' },
    'the page after it was made again': { path: '/isr' },
    'the page from the cache': { path: '/isr' },
    'an image': { path: '/_next/image?url=%2Fdoor.png&w=64&q=75', headers: [['Accept', 'image/webp,*/*']] },
    'the image from the cache': { path: '/_next/image?url=%2Fdoor.png&w=64&q=75', headers: [['Accept', 'image/webp,*/*']] },
    'an image that is not there': { path: '/_next/image?url=%2Fnothing.png&w=64&q=75' },
    'an image of another width': { path: '/_next/image?url=%2Fdoor.png&w=65&q=75' },
  },
  differences: [
    {
      request: 'a server action through the router',
      cause: 'Next asks its own port for the page that the action redirects to, and no port is open: the redirect comes without the page, and the browser asks for it',
    },
    ...diskIsReadOnly ? [{ request: 'the image from the cache', cause: 'Next keeps images on the disk, which is read-only: it makes the same image again, and says so in `x-nextjs-cache`' }] : [],
  ],
  normalize: (text, { request, header }) => (
    header === 'etag' && ['the page after it was made again', 'the page from the cache'].includes(request) ? '(a tag)' : text
      .replace(/rendered at[\\",<!> -]*\d+/g, 'rendered at (a time)')
      .replace(/(digest[\\"]+:[\\"]+)\d+/g, '$1(a number)')
      .replace(/"[\w-]{21}([mv])"/g, '"(an id)$1"')
  ),
  normalizations: [
    { what: 'the time in the page that Next makes again, and its `etag`', why: 'each server makes the page itself' },
    { what: 'the ids in the data for the router', why: 'Next draws them by chance for each request' },
    { what: 'the `digest` of an error', why: 'Next computes it from the stack of the error, which contains the paths of files' },
  ],
});
