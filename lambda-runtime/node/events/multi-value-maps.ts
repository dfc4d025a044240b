import { mapOf, textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { RequestHeaders } from './request-headers';

/*
 * REST APIs and ALBs have two maps for headers and two for query parameters: one with all values of a name, one with the
 * last value. Either may be missing. The second is used only for names that the first does not have.
 */

/** Adds every value of `multiValueHeaders`, and the names that only `headers` has. */
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

/** The query string. `encode` is applied to each name and value. */
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
