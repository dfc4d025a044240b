import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, imageOf, seen } from './apps/content.mjs';

/**
 * @typedef {object} Scenario
 * @property {string} name as in the tables
 * @property {string} method
 * @property {string} path
 * @property {string} [query]
 * @property {Record<string, string>} [headers] in addition to those that every client sends
 * @property {string[]} [cookies]
 * @property {Buffer} [body]
 * @property {boolean} [binary] the body is not text, and arrives in base64
 * @property {{ type: string, body: Buffer | unknown, headers?: Array<[string, string]>, cookies?: string[] }} expected
 *   a body that is not a Buffer is compared as JSON
 */

const ECHO = { items: Array.from({ length: 100 }, (_, id) => ({ id, name: `item-${id}`, note: 'a note of some length, with "quotes" and λ in it' })) };
const ASKED = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-ask-${i}`, `value ${i}`]));
const ASKED_COOKIES = Array.from({ length: 5 }, (_, i) => `cookie${i}=value${i}`);

/**
 * The requests to each app through each door.
 * @param {string} format
 * @returns {Scenario[]}
 */
export function scenariosFor(format) {
  const imagePath = format === 'alb' ? '/image-alb' : '/image';
  const upload = imageOf(format === 'alb' ? 700 * 1024 : 1024 * 1024);
  return [
    {
      name: 'small JSON',
      method: 'GET',
      path: '/json',
      query: 'page=2&sort=name',
      expected: { type: 'application/json', body: SMALL },
    },
    {
      name: '100 KB JSON',
      method: 'GET',
      path: '/large',
      expected: { type: 'application/json', body: LARGE },
    },
    {
      name: '10 KB echo',
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(ECHO)),
      expected: { type: 'application/json', body: ECHO },
    },
    {
      name: '1 MB image',
      method: 'GET',
      path: imagePath,
      expected: { type: 'image/png', body: IMAGES[imagePath] },
    },
    {
      name: '1 MB upload',
      method: 'POST',
      path: '/upload',
      headers: { 'content-type': 'application/octet-stream' },
      body: upload,
      binary: true,
      expected: { type: 'application/json', body: { bytes: upload.length } },
    },
    {
      name: '40 headers, 5 cookies',
      method: 'GET',
      path: '/headers',
      headers: ASKED,
      cookies: ASKED_COOKIES,
      expected: {
        type: 'application/json',
        body: seen({ ...ASKED, cookie: ASKED_COOKIES.join('; ') }),
        headers: MANY_HEADERS,
        cookies: COOKIES,
      },
    },
  ];
}
