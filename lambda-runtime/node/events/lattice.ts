import { Settings } from '../settings';
import { WebRequest } from '../web-request';
import { ResponseHead } from '../web-response';
import { describeStatus } from './alb';
import { EventFormat, LambdaEvent, Result, addressOf, bodyOf, mapOf, schemeOf, textOf } from './event-format';
import { collectHeaders } from './payload-v2';
import { RequestHeaders } from './request-headers';
import { percentEncode, requestTarget } from './request-target';

/**
 * VPC Lattice, whose two event versions differ in names.
 *
 * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
 */
export const lattice: EventFormat = {
  setsContentLength: false,

  sourceOf() {
    return 'vpc-lattice';
  },

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const headers = new RequestHeaders();
    const fields = mapOf(event.headers);
    for (const name in fields) {
      const value = fields[name];
      for (const each of Array.isArray(value) ? value : [value]) {
        headers.add(name, each);
      }
    }
    headers.addCookies(undefined);
    headers.settleHost(undefined, settings.trustForwardedHost === true);
    const body = bodyOf(event, event.isBase64Encoded === true || event.is_base64_encoded === true);
    headers.setContentLength(body);

    const path = textOf(event.raw_path ?? event.path, '/');
    return {
      source: 'vpc-lattice',
      method: textOf(event.method, 'GET'),
      target: path.includes('?') ? path : requestTarget(path, query(event.query_string_parameters ?? event.queryStringParameters)),
      rawHeaders: headers.raw,
      host: headers.host!,
      mountPrefix: '',
      body,
      clientAddress: addressOf(headers.forwardedFor?.split(',')[0].trim()),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  renderHead(response: ResponseHead): Result {
    const headers: Record<string, string> = {};
    const cookies = collectHeaders(response.headers, headers);
    if (cookies !== undefined) {
      // One value for each name is all that Lattice reads: the last cookie wins there as here.
      headers['set-cookie'] = cookies[cookies.length - 1];
    }
    return { statusCode: response.status, statusDescription: describeStatus(response), headers } as Result;
  },
};

function query(parameters: unknown): string {
  const fields = mapOf(parameters);
  const pairs: string[] = [];
  for (const name in fields) {
    const value = fields[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      pairs.push(`${percentEncode(name)}=${percentEncode(textOf(each, ''))}`);
    }
  }
  return pairs.join('&');
}
