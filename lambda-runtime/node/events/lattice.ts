import { describeStatus } from './alb';
import { bodyOf, lastForwardedAddress, mapOf, methodOf, schemeOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { RequestHeaders } from './request-headers';
import { percentEncode, requestTarget } from './request-target';
import { singleValueHeaders } from './single-value-headers';
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
    headers.setContentLength(body, method);

    const path = textOf(event.raw_path ?? event.path, '/');
    return {
      source: 'vpc-lattice',
      method,
      target: path.includes('?') ? path : requestTarget(path, query(event.query_string_parameters ?? event.queryStringParameters)),
      rawHeaders: headers.raw,
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
