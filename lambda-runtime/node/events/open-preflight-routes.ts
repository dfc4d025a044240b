import { textOf } from './event-fields';
import { LambdaEvent } from './event-format';
import { WebRequest } from '../http/web-request';
import { DoorContract } from '../settings/contract';
import { Settings } from '../settings/settings';

/**
 * The status with which the runtime answers a request on an open preflight route; undefined on any other route.
 *
 * Such a route has no authorizer, so none of its requests may reach the app. API Gateway answers preflight requests, or
 * adds the CORS headers to the answer of the integration, which only needs a status of success.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function statusOnOpenRoute(event: LambdaEvent, request: WebRequest, { doors = [] }: Settings): 204 | 401 | undefined {
  if (request.method !== 'OPTIONS' || request.source !== 'http-api' || !doors.some((door) => door.openPreflightRoutes && hasOpenRoute(door, event))) {
    return undefined;
  }
  return hasHeader(request, 'origin') && hasHeader(request, 'access-control-request-method') ? 204 : 401;
}

function hasOpenRoute({ mountPrefix = '' }: DoorContract, event: LambdaEvent): boolean {
  // Payload format 1.0 has no route key: every OPTIONS request for the path of an open route is on that route.
  const routeKey = textOf(event.routeKey, `OPTIONS ${textOf(event.resource, '')}`);
  return routeKey === `OPTIONS ${mountPrefix || '/'}` || routeKey === `OPTIONS ${mountPrefix}/{proxy+}`;
}

function hasHeader({ rawHeaders }: WebRequest, name: string): boolean {
  return rawHeaders.some((each, index) => index % 2 === 0 && each.toLowerCase() === name);
}
