import { STATUS_CODES } from 'node:http';
import { bodyOf, methodOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { findDoor } from './find-door';
import { addHeaders, queryOf } from './multi-value-maps';
import { RequestHeaders } from './request-headers';
import { mount, requestTarget } from './request-target';
import { singleValueHeaders } from './single-value-headers';
import { lastForwardedAddress, schemeOf } from '../http/connection-facts';
import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
import { Settings } from '../settings/settings';

/**
 * Application Load Balancers, with and without multi-value headers.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const alb: HttpEventFormat = {
  setsContentLength: false,

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const method = methodOf(event.httpMethod);
    const headers = new RequestHeaders('alb');
    addHeaders(headers, event);
    headers.addCookies(undefined);
    // Health checks have no host header.
    headers.setHost(undefined, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body, method);

    const fullPath = textOf(event.path, '/');
    const { path, mountPrefix } = mount({ path: fullPath, mountPrefix: '' }, findDoor(settings, 'alb', fullPath)?.mountPrefix);
    return {
      source: 'alb',
      method,
      target: requestTarget(path, queryOf(event, unchanged)),
      rawHeaders: headers.raw,
      problem: headers.problem,
      host: headers.host!,
      mountPrefix,
      body,
      clientAddress: lastForwardedAddress(headers.forwardedFor),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  /** The load balancer reads `multiValueHeaders` if its event had them, otherwise `headers`. */
  renderHead(response: ResponseHead, event: LambdaEvent): Result {
    const statusDescription = describeStatus(response);
    return hasMultiValueHeaders(event)
      ? { statusCode: response.status, statusDescription, multiValueHeaders: multiValueHeaders(response) } as Result
      : { statusCode: response.status, statusDescription, headers: singleValueHeaders(response) } as Result;
  },
};

/** Load balancers need the status with its reason phrase: `200 OK`. */
export function describeStatus({ status, statusMessage }: ResponseHead): string {
  const phrase = /^[\t\x20-\x7e\x80-\xff]+$/.test(statusMessage) ? statusMessage : STATUS_CODES[status];
  return `${status} ${phrase || 'Unknown'}`;
}

function hasMultiValueHeaders(event: LambdaEvent): boolean {
  return typeof event.multiValueHeaders === 'object' && event.multiValueHeaders !== null;
}

function multiValueHeaders(response: ResponseHead): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    fields[name] = typeof value === 'string' ? [value] : value;
  }
  return fields;
}

/** The load balancer does not decode the query, so even malformed escapes reach the app as the client sent them. */
function unchanged(text: string): string {
  return text;
}
