import { compareSite } from './compare-site';
import { FILE, multipart } from './requests';

compareSite({
  framework: 'astro',
  streams: ['a streamed page', 'events'],
  cases: {
    'an action with a file': async (_ask, url) => {
      const form = multipart({ name: 'Zoë', file: FILE });
      return { path: '/form?_action=greet', ...form, headers: [...form.headers!, ['Origin', new URL(url).origin]] };
    },
    'an action of another origin': async () => {
      const form = multipart({ name: 'x' });
      return { path: '/form?_action=greet', ...form, headers: [...form.headers!, ['Origin', 'https://elsewhere.example.com']] };
    },
    'a page made by the build': { path: '/about/' },
    'a page made by the build, without the slash': { path: '/about' },
    'a server island': async (ask) => {
      const [island] = /\/_server-islands\/[^"'`]+/.exec((await ask({ path: '/' })).body.toString())!;
      return { path: island.replaceAll('&amp;', '&') };
    },
  },
  // https://docs.astro.build/en/guides/server-islands/#passing-props-to-server-islands
  normalize: (text) => text.replace(/(\/_server-islands\/Slow\?)e=[^&]+(&(?:amp;)?)p=[^&]+/g, '$1e=(encrypted)$2p=(encrypted)')
    .replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '(an id)'),
  normalizations: [{ what: 'the properties of a server island in its URL, and its id', why: 'Astro encrypts and draws them anew for each page' }],
});
