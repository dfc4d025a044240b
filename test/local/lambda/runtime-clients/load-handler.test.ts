import { get, serveTemplate, shown } from '../../fixtures/serving';
import { fourDoors } from '../../fixtures/template';

describe('a handler', () => {
  test.each([
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async () => ({ statusCode: 200, body: "esm" })' }, 'esm'],
    ['a module in a folder', 'src/app.handler', { 'src/app.js': 'exports.handler = async () => ({ statusCode: 200, body: "cjs" })' }, 'cjs'],
    ['a nested export', 'index.api.handler', { 'index.cjs': 'module.exports = { api: { handler: async () => ({ statusCode: 200, body: "nested" }) } }' }, 'nested'],
    ['a callback', 'index.handler', { 'index.js': 'exports.handler = (event, context, done) => done(null, { statusCode: 200, body: "called" })' }, 'called'],
  ])('is loaded from %s', async (_, handler, code, body) => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Handler = handler;
    expect((await get(await serveTemplate(json, code as Record<string, string>), 'http-api')).body.toString()).toBe(body);
  });

  test.each([
    ['throws while it loads', { 'index.js': 'throw new Error("broken at start") // no handler' }, /Error: broken at start/],
    ['has a folder with the name of the module', { 'index/page.html': '', 'index.mjs': 'export const handler = 1' }, /Directory import .* is not supported/],
    ['has no such export', { 'index.js': 'exports.other = 1 // no handler' }, /Runtime\.HandlerNotFound: index\.handler is undefined or not exported/],
  ])('fails every request when it %s', async (_, code, reason) => {
    const served = await serveTemplate(fourDoors(), code as Record<string, string>);
    for (let request = 0; request < 2; request += 1) {
      expect((await get(served, 'http-api')).status).toBe(500);
    }
    await shown(reason);
  });
});
