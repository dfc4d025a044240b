import { compareSite } from './compare-site';
import { FILE, multipart } from './requests';

compareSite({
  framework: 'sveltekit',
  streams: ['a streamed page', 'events'],
  cases: {
    'a form with a file': async (_ask, url) => {
      const form = multipart({ name: 'Zoë', file: FILE });
      return { path: '/form', ...form, headers: [...form.headers!, ['Origin', `https://${new URL(url).host}`]] };
    },
    'a form without a name': async (_ask, url) => {
      const form = multipart({ name: '' });
      return { path: '/form', ...form, headers: [...form.headers!, ['Origin', `https://${new URL(url).host}`]] };
    },
    'a form of another origin': async () => {
      const form = multipart({ name: 'x' });
      return { path: '/form', ...form, headers: [...form.headers!, ['Origin', 'https://elsewhere.example.com']] };
    },
    'data of a page for the router': { path: '/items/1/__data.json?tag=a' },
    'streamed data for the router': { path: '/streamed/__data.json' },
    'a file that is compressed already': { path: '/_app/version.json', headers: [['Accept-Encoding', 'br, gzip']] },
    'an error in JSON': { path: '/items/broken', headers: [['Accept', 'application/json']] },
  },
});
