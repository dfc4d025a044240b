import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { RequestHeaders } from './request-headers';

/*
 * REST APIs and ALBs put headers and query parameters into two maps each: one has every value of a name, the other its
 * last. Either may be missing, and of the second counts only what the first has not.
 */

/** Adds every value of `multiValueHeaders`, and of `headers` what is only there. */
export function addHeaders(headers: RequestHeaders, event: LambdaEvent): void {
  const multi = mapOf(event.multiValueHeaders);
  for (const name in multi) {
    const values = multi[name];
    if (Array.isArray(values)) {
      for (const value of values) {
        headers.add(name, value);
      }
    }
  }
  const single = mapOf(event.headers);
  for (const name in single) {
    if (!Array.isArray(multi[name]) && !hasInAnyCase(multi, name)) {
      headers.add(name, single[name]);
    }
  }
}

function hasInAnyCase(fields: Record<string, unknown>, name: string): boolean {
  const lower = name.toLowerCase();
  return Object.keys(fields).some((other) => other.toLowerCase() === lower);
}

/** The query, its names and values spelled by `encode`. */
export function queryOf(event: LambdaEvent, encode: (text: string) => string): string {
  const multi = mapOf(event.multiValueQueryStringParameters);
  const single = mapOf(event.queryStringParameters);
  let query = '';
  for (const name in multi) {
    const values = multi[name];
    if (Array.isArray(values)) {
      for (const value of values) {
        query += `&${encode(name)}=${encode(textOf(value, ''))}`;
      }
    }
  }
  for (const name in single) {
    if (!Array.isArray(multi[name])) {
      query += `&${encode(name)}=${encode(textOf(single[name], ''))}`;
    }
  }
  return query.slice(1);
}
