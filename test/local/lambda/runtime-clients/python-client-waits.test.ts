/** @slow waits for longer than Node keeps idle connections open, twice */
import { writeAssembly } from '../../fixtures/assembly';
import { get, serveAssembly } from '../../fixtures/serving';
import { fourDoors } from '../../fixtures/template';

test('a Python function may work for longer than Node keeps idle connections open', async () => {
  const template = fourDoors();
  Object.assign(template.Resources.Handler.Properties!, { Runtime: 'python3.13', Handler: 'app.handler', Timeout: 20 });
  // Node closes a connection that has been idle for 5 seconds, and up to a second later.
  const code = 'import time\ndef handler(event, context):\n    time.sleep(6.5)\n    return {"statusCode": 200, "body": "done"}\n';
  const served = await serveAssembly(writeAssembly(template, { 'app.py': code }));
  expect((await get(served, 'http-api')).body.toString()).toBe('done');
  // The function waits for its next event on the same connection.
  expect((await get(served, 'function-url')).body.toString()).toBe('done');
});
