import { DoorName } from '../contract';
import { Settings, mountPrefixOf } from '../settings';
import { EventSource, WebRequest } from '../web-request';
import { ResponseHead, ResponseHeaders } from '../web-response';
import { EventFormat, LambdaEvent, Result, addressOf, bodyOf, mapOf, schemeOf, textOf } from './event-format';
import { httpApiPathBelowStage } from './http-api-path';
import { RequestHeaders } from './request-headers';
import { MountedPath, mount, requestTarget } from './request-target';

/**
 * Payload format 2.0: Function URLs and HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const payloadV2: EventFormat = {
  setsContentLength: true,

  /** The domain tells; where it is the user's own, as behind a CDN, the construct knows. */
  sourceOf(event: LambdaEvent, settings: Settings) {
    if (isFunctionUrl(event)) {
      return 'function-url';
    }
    const made = (door: DoorName) => settings.doors?.some((each) => each.door === door) === true;
    return made('function-url') && !made('http-api') ? 'function-url' : 'http-api';
  },

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const context = mapOf(event.requestContext);
    const http = mapOf(context.http);
    const source = this.sourceOf(event, settings);

    const headers = new RequestHeaders();
    const fields = mapOf(event.headers);
    for (const name in fields) {
      headers.add(name, fields[name]);
    }
    // An HTTP API lists the cookies and has no cookie header; a Function URL has both.
    headers.addCookies(event.cookies);
    headers.settleHost(context.domainName, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body);

    const { path, mountPrefix } = mount(pathBelowStage(event, source), mountPrefixOf(settings, source));
    return {
      source,
      method: textOf(http.method, 'GET'),
      target: requestTarget(path, textOf(event.rawQueryString, '')),
      rawHeaders: headers.raw,
      host: headers.host!,
      mountPrefix,
      body,
      clientAddress: addressOf(http.sourceIp),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  renderHead(response: ResponseHead): Result {
    const headers: Record<string, string> = {};
    const cookies = collectHeaders(response.headers, headers);
    const result = { statusCode: response.status, headers };
    return cookies === undefined ? result : { ...result, cookies } as Result;
  },
};

/** Fills `fields` with one string for each name and returns the cookies, which have a field of their own. */
export function collectHeaders(headers: ResponseHeaders, fields: Record<string, string>): string[] | undefined {
  let cookies: string[] | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1];
    if (name === 'set-cookie') {
      cookies = cookies === undefined ? [] : cookies;
      typeof value === 'string' ? cookies.push(value) : cookies.push(...value);
      continue;
    }
    const text = typeof value === 'string' ? value : value.join(', ');
    // The first look is the cheap one, and enough unless `name` is one of `Object.prototype`.
    fields[name] = fields[name] !== undefined && Object.hasOwn(fields, name) ? `${fields[name]}, ${text}` : text;
  }
  return cookies;
}

function isFunctionUrl(event: LambdaEvent): boolean {
  const domainName = event.requestContext?.domainName;
  return typeof domainName === 'string' && domainName.includes('.lambda-url.');
}

function pathBelowStage(event: LambdaEvent, source: EventSource): MountedPath {
  const rawPath = textOf(event.rawPath, '/');
  // `requestContext.http.path` is decoded, and can lose a trailing slash.
  return source === 'function-url' ? { path: rawPath, mountPrefix: '' } : httpApiPathBelowStage(rawPath, event);
}
