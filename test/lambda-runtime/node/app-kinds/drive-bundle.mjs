// Loads a bundle as Lambda does and invokes it with events, one after the other.
// node drive-bundle.mjs <directory> <handler>; reads the events as JSON from standard input
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [directory, handlerName] = process.argv.slice(2);
const events = JSON.parse(readFileSync(0, 'utf8'));
const dot = handlerName.lastIndexOf('.');
const file = ['.mjs', '.cjs', '.js'].map((extension) => join(directory, handlerName.slice(0, dot) + extension)).find(existsSync);

process.chdir(directory);
const loaded = await import(pathToFileURL(file).href);
const handler = loaded[handlerName.slice(dot + 1)] ?? loaded.default[handlerName.slice(dot + 1)];
const results = [];
for (const [index, event] of events.entries()) {
  const end = Date.now() + 5_000;
  results.push(await handler(event, { awsRequestId: `request-${index}`, getRemainingTimeInMillis: () => end - Date.now() }));
}
process.stdout.write(JSON.stringify(results), () => process.exit());
