import { LambdaEvent } from './event-format';
import { DoorContract } from '../settings/contract';

const HEADERS = {
  'host': 'localhost',
  'user-agent': 'cdk-wrapped-web-app',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
};

/**
 * A GET request for a path of the app, in the format of a front door. Fields that no app needs are left out, such as
 * ARNs and IDs, as in the test events of Lambda's console.
 *
 * @param door the default is a Function URL
 */
export function warmUpEvent({ door, mountPrefix = '' }: Pick<DoorContract, 'door' | 'mountPrefix'> = { door: 'function-url' }, appPath: string): LambdaEvent {
  const path = mountPrefix + appPath;
  const multiValueHeaders = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, [value]]));
  switch (door) {
    case 'alb':
      return { requestContext: { elb: {} }, httpMethod: 'GET', path, multiValueHeaders, body: '', isBase64Encoded: false };
    case 'rest-api':
      return {
        resource: '/{proxy+}',
        path,
        httpMethod: 'GET',
        headers: HEADERS,
        multiValueHeaders,
        requestContext: { httpMethod: 'GET', path, resourcePath: '/{proxy+}', identity: { sourceIp: '127.0.0.1' } },
        body: null,
        isBase64Encoded: false,
      };
    default:
      return {
        version: '2.0',
        routeKey: '$default',
        rawPath: path,
        rawQueryString: '',
        headers: HEADERS,
        requestContext: {
          domainName: door === 'http-api' ? 'localhost.execute-api.localhost' : 'localhost.lambda-url.localhost',
          http: { method: 'GET', path, sourceIp: '127.0.0.1' },
          stage: '$default',
        },
        isBase64Encoded: false,
      };
  }
}
