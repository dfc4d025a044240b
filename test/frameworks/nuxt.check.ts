import { compareSite } from './compare-site';
import { ENCODED_SLASH } from './comparison';
import { FILE, multipart } from './requests';

compareSite({
  framework: 'nuxt',
  streams: ['a streamed page', 'events'],
  cases: {
    'a form with a file': { path: '/api/greet', ...multipart({ name: 'Zoë', file: FILE }) },
    'a page made by the build': { path: '/about' },
    'its data for the router': { path: '/about/_payload.json' },
    'a page that is kept': { path: '/cached' },
    'the page that was kept': { path: '/cached' },
    'an error in JSON': { path: '/api/broken', headers: [['Accept', 'application/json']] },
    'a page that throws, in JSON': { path: '/items/broken', headers: [['Accept', 'application/json']] },
  },
  differences: [ENCODED_SLASH],
  normalize: (text, { request, header }) => (
    header === 'etag' && ['a page that is kept', 'the page that was kept'].includes(request) ? '(a tag)' : text.replace(/\b1[78]\d{11}\b/g, '(a time)')
  ),
  normalizations: [{ what: 'the time in the page that is kept, and its `etag`', why: 'each server makes the page itself' }],
});
