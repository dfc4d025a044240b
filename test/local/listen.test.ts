import { writeAssembly } from './fixtures/assembly';
import { get, HANDLER, serveAssembly, serveTemplate } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

test('the doors use the next free ports after the first one', async () => {
  const free = await serveTemplate();
  const base = Number(new URL(free.doors[0].url).port);
  // The first port is in use.
  const served = await serveAssembly(writeAssembly(fourDoors(), { 'index.js': HANDLER }), { portBase: base });
  const ports = [...served.doors.map((door) => door.url), served.inspectorUrl].map((url) => Number(new URL(url).port));
  expect(ports).toEqual([...ports].sort((a, b) => a - b));
  expect(ports[0]).toBeGreaterThan(base);
  expect((await get(served, 'alb')).status).toBe(200);
});
