// Loads a bundle and sends it many requests, one after the other.
// node send-requests.mjs <bundle> <event>
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const REQUESTS = 6_000;
const [bundle, eventFile] = process.argv.slice(2);
const event = readFileSync(eventFile, 'utf8');
const { handler } = await import(pathToFileURL(bundle).href);

for (let i = 0; i < REQUESTS; i++) {
  const end = Date.now() + 5_000;
  const { statusCode, body } = await handler(JSON.parse(event), { awsRequestId: `request-${i}`, getRemainingTimeInMillis: () => end - Date.now() });
  if (statusCode !== 200 || !body.startsWith('{')) {
    throw new Error(`request ${i} was answered with ${statusCode}: ${body}`);
  }
  await setImmediate();
}
