import { compareSite } from './compare-site';
import { ENCODED_SLASH } from './comparison';
import { FILE, multipart } from './requests';

compareSite({
  framework: 'react-router',
  streams: ['a streamed page', 'events'],
  cases: {
    'a form with a file': { path: '/form', ...multipart({ name: 'Zoë', file: FILE }) },
    'a form without a name': { path: '/form', ...multipart({ name: '' }) },
    'a form of another origin': async () => {
      const form = multipart({ name: 'x' });
      return { path: '/form', ...form, headers: [...form.headers!, ['Origin', 'https://elsewhere.example.com']] };
    },
    'data of a page for the router': { path: '/items/1.data?tag=a' },
    'data of a page that redirects': { path: '/items/moved.data' },
    'data of a page that is not there': { path: '/items/none.data' },
    'streamed data for the router': { path: '/streamed.data' },
    'an action through the router': { path: '/form.data', ...multipart({ name: 'Zoë', file: FILE }) },
    'routes that a browser does not know yet': { path: '/__manifest?paths=%2Fform%2C%2Fstreamed&version=x' },
  },
  differences: [ENCODED_SLASH],
});
