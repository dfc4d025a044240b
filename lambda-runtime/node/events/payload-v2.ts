import { addressOf, bodyOf, mapOf, methodOf, schemeOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { httpApiPathBelowStage } from './http-api-path';
import { mountPrefixOf } from './mount-prefix';
import { RequestHeaders } from './request-headers';
import { MountedPath, mount, requestTarget } from './request-target';
import { WebRequest } from '../http/web-request';
import { ResponseHead, ResponseHeaders } from '../http/web-response';
import { DoorName } from '../settings/contract';
import { Settings } from '../settings/settings';

/**
 * Payload format 2.0: Function URLs and HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const payloadV2: HttpEventFormat = {
  setsContentLength: true,

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const context = mapOf(event.requestContext);
    const http = mapOf(context.http);
    const source = sourceOf(event, settings);
    const method = methodOf(http.method);

    const headers = new RequestHeaders();
    const fields = mapOf(event.headers);
    for (const name in fields) {
      headers.add(name, fields[name]);
    }
    // An HTTP API lists the cookies and has no cookie header; a Function URL has both.
    headers.addCookies(event.cookies);
    headers.settleHost(context.domainName, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body, method);

    const { path, mountPrefix } = mount(pathBelowStage(event, source), mountPrefixOf(settings, source));
    return {
      source,
      method,
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
function collectHeaders(headers: ResponseHeaders, fields: Record<string, string>): string[] | undefined {
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

/** The domain tells, except where it is the user's own, as behind a CDN: then the construct knows which door it made. */
function sourceOf(event: LambdaEvent, settings: Settings): 'function-url' | 'http-api' {
  if (isFunctionUrl(event)) {
    return 'function-url';
  }
  const isMade = (door: DoorName) => settings.doors?.some((each) => each.door === door) === true;
  return isMade('function-url') && !isMade('http-api') ? 'function-url' : 'http-api';
}

function isFunctionUrl(event: LambdaEvent): boolean {
  const domainName = event.requestContext?.domainName;
  return typeof domainName === 'string' && domainName.includes('.lambda-url.');
}

function pathBelowStage(event: LambdaEvent, source: 'function-url' | 'http-api'): MountedPath {
  const rawPath = textOf(event.rawPath, '/');
  // `requestContext.http.path` is decoded, and can lose a trailing slash.
  return source === 'function-url' ? { path: rawPath, mountPrefix: '' } : httpApiPathBelowStage(rawPath, event);
}
