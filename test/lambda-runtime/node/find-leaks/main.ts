/** The command `npm run find-leaks -- <app>`: see docs/concurrency.md. */
import { parseArgs } from 'node:util';
import { DEFAULT_OPTIONS, findLeaks } from './find-leaks';
import { installedNodes } from '../../../toolchain';

const USAGE = 'npm run find-leaks -- <app> [--path /orders]… [--method GET]… [--requests 96]';

async function main(): Promise<number> {
  const { positionals: [entry], values } = parseArgs({
    allowPositionals: true,
    options: { path: { type: 'string', multiple: true }, method: { type: 'string', multiple: true }, requests: { type: 'string' } },
  });
  const requests = Number(values.requests ?? DEFAULT_OPTIONS.requests);
  if (entry === undefined || !/\.[cm]?[jt]sx?$/.test(entry) || !(requests >= 16)) {
    console.error(`find-leaks: needs the file of a Node app, and at least 16 requests, got ${JSON.stringify(entry)} and ${values.requests ?? requests}; ${USAGE}`);
    return 2;
  }
  const { leaks, statuses } = await findLeaks(installedNodes().at(-1)!.binary, entry, {
    paths: values.path ?? DEFAULT_OPTIONS.paths, methods: values.method ?? DEFAULT_OPTIONS.methods, requests,
  });
  leaks.forEach((leak) => console.log(leak));
  const reached = [...statuses.keys()].some((status) => Number(status) < 400);
  if (!reached) console.log('no request was answered with success, so little of the app was tried: choose --path and --method');
  console.log(`${leaks.length} leaks; the app answered ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')}`);
  return leaks.length > 0 ? 1 : reached ? 0 : 2;
}

main().then((code) => process.exit(code), (error) => {
  console.error(error);
  process.exit(2);
});
