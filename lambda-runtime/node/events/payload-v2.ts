import { bodyOf, mapOf, methodOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { findDoor } from './find-door';
import { httpApiPath } from './http-api-path';
import { RequestHeaders } from './request-headers';
import { MountedPath, mount, requestTarget } from './request-target';
import { addressOf, schemeOf } from '../http/connection-facts';
import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
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

    const headers = new RequestHeaders(source);
    const fields = mapOf(event.headers);
    for (const name in fields) {
      headers.add(name, fields[name]);
    }
    // HTTP APIs send `cookies` and no cookie header; Function URLs send both.
    headers.addCookies(event.cookies);
    headers.setHost(context.domainName, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body, method);

    const { path, mountPrefix } = pathBelowMount(event, source, settings);
    return {
      source,
      method,
      target: requestTarget(path, textOf(event.rawQueryString, '')),
      rawHeaders: headers.raw,
      problem: headers.problem,
      host: headers.host!,
      mountPrefix,
      body,
      clientAddress: addressOf(http.sourceIp),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  renderHead(response: ResponseHead): Result {
    const headers: Record<string, string> = {};
    let cookies: string[] | undefined;
    for (let i = 0; i < response.headers.length; i += 2) {
      const name = response.headers[i] as string;
      const value = response.headers[i + 1];
      if (name === 'set-cookie') {
        cookies = typeof value === 'string' ? [value] : value;
      } else {
        headers[name] = typeof value === 'string' ? value : value.join(', ');
      }
    }
    const result = { statusCode: response.status, headers };
    return cookies === undefined ? result : { ...result, cookies } as Result;
  },
};

/** The domain identifies the door, unless it is a custom domain or a CDN's: then the doors that the construct made decide. */
function sourceOf(event: LambdaEvent, settings: Settings): 'function-url' | 'http-api' {
  const domainName = textOf(event.requestContext.domainName, '');
  if (domainName.includes('.lambda-url.')) {
    return 'function-url';
  }
  if (domainName.includes('.execute-api.')) {
    return 'http-api';
  }
  const hasDoor = (door: DoorName) => settings.doors?.some((each) => each.door === door) === true;
  return hasDoor('function-url') && !hasDoor('http-api') ? 'function-url' : 'http-api';
}

function pathBelowMount(event: LambdaEvent, source: 'function-url' | 'http-api', settings: Settings): MountedPath {
  // Not `requestContext.http.path`, which is decoded and may lack a trailing slash.
  const rawPath = textOf(event.rawPath, '/');
  return source === 'function-url'
    ? mount({ path: rawPath, mountPrefix: '' }, findDoor(settings, source, rawPath)?.mountPrefix)
    : httpApiPath(rawPath, event, settings);
}
