import { bodyOf, mapOf, methodOf, textOf } from './event-fields';
import { HttpEventFormat, LambdaEvent, Result } from './event-format';
import { findDoor } from './find-door';
import { httpApiPath } from './http-api-path';
import { addHeaders, queryOf } from './multi-value-maps';
import { RequestHeaders } from './request-headers';
import { MountedPath, escapeDecodedPath, mount, percentEncode, requestTarget } from './request-target';
import { addressOf, schemeOf } from '../http/connection-facts';
import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
import { Settings } from '../settings/settings';

/**
 * Payload format 1.0: REST APIs, and HTTP APIs whose integration is set to it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const payloadV1: HttpEventFormat = {
  setsContentLength: true,

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const context = mapOf(event.requestContext);
    // Only HTTP APIs send the version of the format.
    const source = event.version === '1.0' ? 'http-api' : 'rest-api';
    const method = methodOf(event.httpMethod);

    const headers = new RequestHeaders(source);
    addHeaders(headers, event);
    headers.addCookies(undefined);
    headers.setHost(context.domainName, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body, method);

    const { path, mountPrefix } = source === 'http-api' ? httpApiPath(textOf(event.path, '/'), event, settings) : restApiPath(event, settings);
    return {
      source,
      method,
      // Names and values are already decoded, `+` to a space, so they are encoded again. `?x` and `?x=` look the same.
      target: requestTarget(path, queryOf(event, percentEncode)),
      rawHeaders: headers.raw,
      problem: headers.problem,
      host: headers.host!,
      mountPrefix,
      body,
      clientAddress: addressOf(mapOf(context.identity).sourceIp),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  renderHead(response: ResponseHead): Result {
    return { statusCode: response.status, ...splitHeaders(response) };
  },
};

/** API Gateway merges both maps, so each name is in exactly one of them. */
export function splitHeaders(response: ResponseHead): { headers: Record<string, string>; multiValueHeaders?: Record<string, string[]> } {
  const headers: Record<string, string> = {};
  let multiValueHeaders: Record<string, string[]> | undefined;
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    if (typeof value === 'string') {
      headers[name] = value;
    } else {
      multiValueHeaders ??= {};
      multiValueHeaders[name] = value;
    }
  }
  return multiValueHeaders === undefined ? { headers } : { headers, multiValueHeaders };
}

/** The path below the stage or mapping key, and below the mount prefix of the door. */
function restApiPath(event: LambdaEvent, settings: Settings): MountedPath {
  const below = pathBelowStage(event);
  return mount(below, findDoor(settings, 'rest-api', below.path, event)?.mountPrefix);
}

/**
 * The path below the stage or the mapping key. On the default domain only `requestContext.path` contains the stage.
 * On a custom domain both paths contain the mapping key; it ends where the path that the resource matched begins.
 */
function pathBelowStage(event: LambdaEvent): MountedPath {
  const path = textOf(event.path, '/') || '/';
  const publicPath = textOf(mapOf(event.requestContext).path, path);
  if (publicPath.length > path.length && publicPath.endsWith(path)) {
    return { path, mountPrefix: escapeDecodedPath(publicPath.slice(0, -path.length)) };
  }
  if (path === '/' && publicPath.length > 1) {
    // A request for the root of the stage without a trailing slash.
    return { path, mountPrefix: escapeDecodedPath(publicPath) };
  }
  const domainName = textOf(mapOf(event.requestContext).domainName, '');
  if (domainName === '' || domainName.includes('.execute-api.')) {
    return { path, mountPrefix: '' };
  }
  const matched = matchedPath(event);
  // A resource also matches a path with a slash at the end, which a greedy parameter does not have.
  const trimmed = withoutTrailingSlashes(path);
  const mappingKey = matched !== undefined && trimmed.endsWith(matched) ? trimmed.slice(0, trimmed.length - matched.length) : '';
  return mount({ path, mountPrefix: '' }, mappingKey);
}

/**
 * The resource's path with its parameters filled in and without a slash at the end: `/api/{proxy+}` becomes `/api/users/7`.
 * Undefined if a parameter is missing.
 */
function matchedPath(event: LambdaEvent): string | undefined {
  const resource = textOf(event.resource, '');
  const parameters = mapOf(event.pathParameters);
  let known = resource.startsWith('/');
  const path = resource.replace(/\{([^}+]*)\+?\}/g, (_, name: string) => {
    const value = parameters[name];
    known &&= typeof value === 'string' && value !== '';
    return String(value);
  });
  return known ? withoutTrailingSlashes(path) : undefined;
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path.charCodeAt(end - 1) === 0x2f) {
    end--;
  }
  return path.slice(0, end);
}
