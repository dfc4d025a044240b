import { describeStatus } from './alb';
import { bodyOf, mapOf, methodOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { RequestHeaders } from './request-headers';
import { percentEncode, requestTarget } from './request-target';
import { singleValueHeaders } from './single-value-headers';
import { lastForwardedAddress, schemeOf } from '../http/connection-facts';
import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
import { Settings } from '../settings/settings';

/**
 * VPC Lattice. The two versions of its events have different field names.
 *
 * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
 */
export const lattice: HttpEventFormat = {
  setsContentLength: false,

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const method = methodOf(event.method);
    const headers = new RequestHeaders('vpc-lattice');
    const fields = mapOf(event.headers);
    for (const name in fields) {
      const value = fields[name];
      for (const each of Array.isArray(value) ? value : [value]) {
        headers.add(name, each);
      }
    }
    headers.addCookies(undefined);
    headers.setHost(undefined, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body, method);

    const [path, query = parametersOf(event)] = splitOnce(textOf(event.raw_path ?? event.path, '/'), '?');
    return {
      source: 'vpc-lattice',
      method,
      target: requestTarget(path, query),
      rawHeaders: headers.raw,
      problem: headers.problem,
      host: headers.host!,
      mountPrefix: '',
      body,
      clientAddress: lastForwardedAddress(headers.forwardedFor),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  renderHead(response: ResponseHead): Result {
    return { statusCode: response.status, statusDescription: describeStatus(response), headers: singleValueHeaders(response) } as Result;
  },
};

/** The query of version 2 events. In version 1, `raw_path` contains the query. */
function parametersOf(event: LambdaEvent): string {
  const fields = mapOf(event.query_string_parameters ?? event.queryStringParameters);
  const pairs: string[] = [];
  for (const name in fields) {
    const value = fields[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      pairs.push(`${escapeName(name)}=${escapeValue(textOf(each, ''))}`);
    }
  }
  return pairs.join('&');
}

/**
 * AWS does not document whether names and values are decoded. This escapes only separators, what no query may contain, and
 * every `%` that does not begin an escape, which is right in both cases.
 */
function escapeValue(text: string): string {
  return text.replace(/[&\0- \x7f]|%(?![0-9a-fA-F]{2})/g, percentEncode);
}

function escapeName(text: string): string {
  return escapeValue(text).replace(/=/g, percentEncode);
}

function splitOnce(text: string, separator: string): [before: string, after?: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
