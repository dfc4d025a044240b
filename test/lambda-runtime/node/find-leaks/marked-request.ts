import type { LeakOptions } from './find-leaks';
import { eventFor } from '../behaviours/doors';

/** Finds markers in anything. */
export const MARKER = /leak-[0-9a-z]+-x/g;

/** What no app sends by itself. */
export function markerOf(index: number): string {
  return `leak-${index.toString(36)}${(index * 7919 + 104_729).toString(36)}-x`;
}

/** A request with the marker wherever a client can put text; without a marker, the same with nothing of it. */
export function markedRequest(index: number, { paths, methods }: LeakOptions, marker: string | undefined): unknown {
  const method = methods[index % methods.length];
  const path = paths[Math.floor(index / methods.length) % paths.length].replaceAll('{marker}', marker ?? 'none');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return eventFor('function-url', {
    method,
    target: marker === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}leak=${marker}`,
    headers: [
      ...marker === undefined ? [] : [['x-leak-marker', marker], ['cookie', `leak=${marker}`], ['authorization', `Bearer ${marker}`]] as [string, string][],
      ...hasBody ? [['content-type', 'application/json']] as [string, string][] : [],
    ],
    body: hasBody ? JSON.stringify({ marker: marker ?? null }) : undefined,
  });
}
