import http from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** Asks another service, if there is one. */
export async function loadOrder(id) {
  await setTimeout(20);
  if (process.env.OTHER_SERVICE) {
    await new Promise((resolve, reject) => http.get(process.env.OTHER_SERVICE, (res) => res.resume().on('end', resolve)).on('error', reject));
  }
  return { id };
}
