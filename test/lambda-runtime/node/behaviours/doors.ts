import { Answer, Door, RequestSpec } from './behaviour';
import { joined } from './response-reader';

/** The event that a door makes from a request: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html and the pages of the other doors. */
export function eventFor(door: Door, { method = 'GET', target = '/', headers = [], body }: RequestSpec = {}): any {
  const fields: [string, string][] = [['host', 'app.example'], ...headers];
  if (body !== undefined) {
    fields.push(['content-length', String(Buffer.byteLength(body))]);
  }
  const isBase64Encoded = Buffer.isBuffer(body);
  const payload = { body: isBase64Encoded ? body.toString('base64') : body, isBase64Encoded };
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const query = queryAt < 0 ? '' : target.slice(queryAt + 1);
  switch (door) {
    case 'function-url':
    case 'http-api':
      return {
        version: '2.0',
        routeKey: '$default',
        rawPath: door === 'http-api' ? decodeURI(path) : path,
        rawQueryString: query,
        headers: byName(fields, (values) => values.join(',')),
        requestContext: {
          domainName: door === 'http-api' ? 'abc.execute-api.eu-west-1.amazonaws.com' : 'abc.lambda-url.eu-west-1.on.aws',
          stage: '$default',
          http: { method, path: decodeURI(path), protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        },
        ...payload,
      };
    case 'rest-api':
      return {
        resource: '/{proxy+}',
        path,
        httpMethod: method,
        headers: byName(fields, (values) => values[values.length - 1]),
        multiValueHeaders: byName(fields, (values) => values),
        multiValueQueryStringParameters: query === '' ? null : byName(pairsOf(query, decodeURIComponent), (values) => values),
        requestContext: { stage: 'prod', path: `/prod${path}`, identity: { sourceIp: '127.0.0.1' } },
        ...payload,
      };
    case 'alb':
      return {
        path,
        httpMethod: method,
        multiValueHeaders: byName([...fields, ['x-forwarded-for', '127.0.0.1'], ['x-forwarded-proto', 'http']], (values) => values),
        multiValueQueryStringParameters: byName(pairsOf(query, String), (values) => values),
        requestContext: { elb: { targetGroupArn: 'arn' } },
        ...payload,
        body: payload.body ?? '',
      };
  }
}

/** The response that the client gets for a result. */
export function answerOf(door: Door, result: any): Answer {
  const { statusCode, statusDescription, headers = {}, multiValueHeaders = {}, cookies = [], body = '', isBase64Encoded } = result;
  const lines = [
    ...Object.entries<string>(headers),
    ...Object.entries<string[]>(multiValueHeaders).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  ];
  return {
    end: 'whole',
    status: statusCode,
    reason: door === 'alb' ? statusDescription.slice(4) : undefined,
    headers: joined(lines.filter(([name]) => name !== 'set-cookie')),
    cookies: [...cookies, ...lines.filter(([name]) => name === 'set-cookie').map(([, value]) => value)],
    body: isBase64Encoded ? body : Buffer.from(body).toString('base64'),
  };
}

function byName<T>(fields: [string, string][], value: (values: string[]) => T): Record<string, T> {
  const names = [...new Set(fields.map(([name]) => name))];
  return Object.fromEntries(names.map((name) => [name, value(fields.filter(([other]) => other === name).map(([, each]) => each))]));
}

function pairsOf(query: string, decode: (text: string) => string): [string, string][] {
  return query === '' ? [] : query.split('&').map((pair) => {
    const [name, value = ''] = pair.split('=');
    return [decode(name), decode(value)];
  });
}
