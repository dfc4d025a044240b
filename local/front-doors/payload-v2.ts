import { encodeBodyByType } from './event-body';
import { DoorAnswer, DoorRequest, HeaderList, UnreadableResult } from './front-door';
import { decodeBase64, isResultObject, parseResult, readBodyText, readCookies, readHeaders, readIsBase64Encoded, readStatusCode } from './function-result';
import { commonLogTime, decodePercent, decodeQueryPart, forwardedHeaders, groupByName, headerOf, splitQuery, splitTarget } from './request-parts';

/** What differs between the senders of payload format 2.0. */
export interface PayloadV2Options {
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly requestId: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly rawPath: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Function URLs send the cookie header in addition to `cookies`. */
  readonly keepCookieHeader: boolean;
  /** Headers that only this sender adds. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

/**
 * Renders an event of payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function renderEventV2(request: DoorRequest, options: PayloadV2Options): object {
  const { path, query } = splitTarget(request.target);
  const grouped = forwardedHeaders(request, { dropHopByHop: true });
  if (!grouped.has('content-length')) {
    grouped.set('content-length', ['0']);
  }
  for (const [name, value] of Object.entries(options.extraHeaders ?? {})) {
    grouped.set(name, [value]);
  }
  const cookies = (grouped.get('cookie') ?? []).flatMap((header) => header.split(/;\s*/)).filter(Boolean);
  if (options.keepCookieHeader && cookies.length > 0) {
    grouped.set('cookie', [cookies.join('; ')]);
  } else {
    grouped.delete('cookie');
  }
  const parameters = groupByName(splitQuery(query).map(([name, value]) => [decodeQueryPart(name), decodeQueryPart(value)] as const));
  return {
    version: '2.0',
    routeKey: options.routeKey,
    rawPath: options.rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: joinValues(grouped),
    ...(parameters.size > 0 && { queryStringParameters: joinValues(parameters) }),
    requestContext: {
      accountId: options.accountId,
      apiId: options.apiId,
      domainName: options.domainName,
      domainPrefix: options.domainName.split('.')[0],
      http: {
        method: request.method,
        path: decodePercent(path),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.clientAddress,
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId: options.requestId,
      routeKey: options.routeKey,
      stage: options.stage,
      time: commonLogTime(request.time),
      timeEpoch: request.time.getTime(),
    },
    ...(options.pathParameters && { pathParameters: options.pathParameters }),
    ...(options.stageVariables && { stageVariables: options.stageVariables }),
    ...(request.body.length > 0 ? encodeBodyByType(request) : { isBase64Encoded: false }),
  };
}

/**
 * Reads a result of payload format 2.0. A result without `statusCode` is the body itself, with status 200.
 *
 * @throws UnreadableResult when fields are not of the documented types, and for results that an HTTP API takes as an error
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
 */
export function readResultV2(payload: Buffer, options: { sender: 'http-api' | 'function-url' }): DoorAnswer {
  const isHttpApi = options.sender === 'http-api';
  const result = parseResult(payload);
  if (!isResultObject(result) || result.statusCode === undefined || result.statusCode === null) {
    // Observed on AWS: an HTTP API recognizes a function's error by this field only.
    if (isHttpApi && isResultObject(result) && 'errorMessage' in result) {
      throw new UnreadableResult(`a result that has errorMessage and no statusCode is taken as an error: ${JSON.stringify(result.errorMessage)}`);
    }
    const body = typeof result === 'string' ? result : payload.toString('utf8');
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
  }
  const status = readStatusCode(result.statusCode, { digitsAllowed: true });
  const byName = new Map(readHeaders(result.headers, { booleansAllowed: isHttpApi }).map(([name, value]) => [name.toLowerCase(), value]));
  const cookies = readCookies(result.cookies);
  const text = readBodyText(result.body);
  const body = readIsBase64Encoded(result.isBase64Encoded) ? decodeBase64(text) : Buffer.from(text);
  if (!byName.has('content-type') && status !== 204 && status !== 304) {
    byName.set('content-type', isHttpApi ? 'text/plain;charset=UTF-8' : 'application/json');
  }
  const headers: HeaderList = [...byName, ...cookies.map((cookie) => ['set-cookie', cookie] as const)];
  return { status, headers, body, reason: findIgnoredFields(result) };
}

/** Results of format 1.0 are a common mistake: AWS ignores their multiValueHeaders silently. */
function findIgnoredFields(result: object): string | undefined {
  return 'multiValueHeaders' in result ? 'multiValueHeaders is ignored in payload format 2.0; use headers and cookies' : undefined;
}

/** Repeated values are joined with a comma and no space, as the live captures show. */
function joinValues(groups: Map<string, string[]>): Record<string, string> {
  return Object.fromEntries([...groups].map(([name, values]) => [name, values.join(',')]));
}
