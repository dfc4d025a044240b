import * as http from 'node:http';
import { writeAssembly } from './fixtures/assembly';
import { DOOR_NAMES } from './fixtures/doors';
import { HANDLER, lines, serveAssembly, serveTemplate } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

/** Sends a request with headers as a browser sends them. */
function ask(url: string, headers: http.OutgoingHttpHeaders, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        // The exchanges are a stream without an end.
        if (response.headers['content-type'] === 'text/event-stream') response.destroy();
      });
      response.on('close', () => resolve({ status: response.statusCode!, text }));
    });
    request.on('error', reject).end();
  });
}

const PAGE_OF_ANOTHER_SITE = { 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };

describe('the doors answer', () => {
  test('requests to addresses and to localhost', async () => {
    const served = await serveTemplate();
    for (const { url } of served.doors) {
      const { port } = new URL(url);
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', `shop.localhost:${port}`, '192.168.1.7', `[::1]:${port}`]) {
        expect([host, (await ask(url, { Host: host })).status]).toEqual([host, 200]);
      }
    }
  });

  test('no requests to other names, which may be those of a page of another site', async () => {
    const served = await serveTemplate();
    for (const { url } of served.doors) {
      for (const host of ['evil.example', `evil.example:${new URL(url).port}`, '127.0.0.1.evil.example', 'localhost.evil.example']) {
        const { status, text } = await ask(url, { Host: host });
        expect([host, status]).toEqual([host, 403]);
        expect(text).toContain('--allow-host');
      }
    }
    expect(lines.filter((line) => line.includes("'evil.example' was refused: to allow it, use --allow-host evil.example"))).toHaveLength(1);
  });

  test('requests to names that are allowed', async () => {
    const served = await serveAssembly(writeAssembly(fourDoors(), { 'index.js': HANDLER }), { allowedHosts: ['Tunnel.Example'] });
    expect(served.doors).toHaveLength(DOOR_NAMES.length);
    for (const { url } of served.doors) expect((await ask(url, { Host: 'tunnel.example:80' })).status).toBe(200);
    expect((await ask(served.inspectorUrl, { Host: 'tunnel.example' })).status).toBe(200);
  });

  test('requests of pages of other sites, which an app may allow by CORS', async () => {
    const served = await serveTemplate();
    expect((await ask(served.doors[0].url, PAGE_OF_ANOTHER_SITE)).status).toBe(200);
  });
});

describe('the inspector answers', () => {
  test('its own page', async () => {
    const { inspectorUrl } = await serveTemplate();
    const own = { 'Origin': inspectorUrl.slice(0, -1), 'Sec-Fetch-Site': 'same-origin' };
    expect((await ask(inspectorUrl, { 'Sec-Fetch-Site': 'none' })).status).toBe(200);
    expect((await ask(`${inspectorUrl}exchanges`, own)).status).toBe(200);
    expect((await ask(`${inspectorUrl}exchanges`, own, 'DELETE')).status).toBe(204);
  });

  test.each<[string, http.OutgoingHttpHeaders]>([
    ['another site', PAGE_OF_ANOTHER_SITE],
    ['another site, without a script', { 'Sec-Fetch-Site': 'cross-site' }],
    ['an app on another port', { 'Origin': 'http://127.0.0.1:3100', 'Sec-Fetch-Site': 'same-site' }],
    ['an app on another port, in a browser that does not say so', { Origin: 'http://127.0.0.1:3100' }],
    ['a file', { Origin: 'null' }],
  ])('no requests of pages of %s', async (_, headers) => {
    const { inspectorUrl } = await serveTemplate();
    expect((await ask(`${inspectorUrl}exchanges`, headers)).status).toBe(403);
    expect((await ask(`${inspectorUrl}exchanges`, headers, 'DELETE')).status).toBe(403);
    expect((await ask(`${inspectorUrl}replay`, headers, 'POST')).status).toBe(403);
  });

  test('no requests to other names', async () => {
    const { inspectorUrl } = await serveTemplate();
    for (const path of ['', 'exchanges']) expect((await ask(`${inspectorUrl}${path}`, { Host: 'evil.example' })).status).toBe(403);
  });
});
