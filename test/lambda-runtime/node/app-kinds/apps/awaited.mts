import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
// @ts-expect-error the site is JavaScript
import { listener } from './site.cjs';

const greeting: string = await sleep(20, 'awaited at the top');
export default createServer((req, res) => {
  res.setHeader('x-greeting', greeting);
  return listener(req, res);
});
