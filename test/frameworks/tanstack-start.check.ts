import { compareSite } from './compare-site';
import { FILE, multipart } from './requests';

compareSite({
  framework: 'tanstack-start',
  streams: ['a streamed page', 'events'],
  cases: {
    'a server function with a file': async (ask, url) => {
      const [, action] = /<form action="([^"]+)"/.exec((await ask({ path: '/form' })).body.toString())!;
      const form = multipart({ name: 'Zoë', file: FILE });
      return { path: action.replaceAll('&amp;', '&'), ...form, headers: [...form.headers!, ['Origin', new URL(url).origin]] };
    },
    'a server function of another origin': async (ask) => {
      const [, action] = /<form action="([^"]+)"/.exec((await ask({ path: '/form' })).body.toString())!;
      const form = multipart({ name: 'x' });
      return { path: action.replaceAll('&amp;', '&'), ...form, headers: [...form.headers!, ['Origin', 'https://elsewhere.example.com'], ['Sec-Fetch-Site', 'cross-site']] };
    },
    'a server function that does not exist': { method: 'POST', path: '/_serverFn/nothing' },
  },
  normalize: (text) => text.replace(/\bu:\d{13}\b/g, 'u:(a time)'),
  normalizations: [{ what: 'the time of each match in the data for the router (`u:`)', why: 'TanStack Router writes down when it loaded a route' }],
});
