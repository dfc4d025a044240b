import { encodeBodyByType, EventBody } from './event-body';
import { DoorAnswer, DoorRequest, UnreadableResult } from './front-door';
import {
  decodeBase64, isResultObject, parseResult, readBodyText, readHeaders, readIsBase64Encoded, readMultiValueHeaders, readStatusCode,
} from './function-result';
import { commonLogTime, decodeQueryPart, forwardedHeaders, groupByName, headerOf, splitQuery, splitTarget } from './request-parts';

/** What differs between the senders of payload format 1.0. */
export interface PayloadV1Options {
  /** Only HTTP APIs send the version of the format. */
  readonly version?: '1.0';
  readonly accountId: string;
  readonly apiId: string;
  readonly deploymentId?: string;
  readonly domainName: string;
  readonly requestId: string;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly resource: string;
  readonly resourceId: string;
  readonly path: string;
  /** The path with the stage. */
  readonly contextPath: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Whether a request body is sent in base64. */
  readonly binary: 'always' | 'never' | 'by-type';
}

/** Header names that API Gateway capitalizes. Other names keep the client's spelling. */
const CAPITALISED = new Map([
  ['authorization', 'Authorization'],
  ['host', 'Host'],
  ['user-agent', 'User-Agent'],
  ['x-amzn-trace-id', 'X-Amzn-Trace-Id'],
  ['x-forwarded-for', 'X-Forwarded-For'],
  ['x-forwarded-port', 'X-Forwarded-Port'],
  ['x-forwarded-proto', 'X-Forwarded-Proto'],
]);

/**
 * Renders an event of payload format 1.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function renderEventV1(request: DoorRequest, options: PayloadV1Options): object {
  const headers = spellNames(request);
  const { query } = splitTarget(request.target);
  const parameters = groupByName(splitQuery(query).map(([name, value]) => [decodeQueryPart(name), decodeQueryPart(value)] as const));
  return {
    ...(options.version && { version: options.version }),
    resource: options.resource,
    path: options.path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: parameters.size > 0 ? lastValues(parameters) : null,
    multiValueQueryStringParameters: parameters.size > 0 ? Object.fromEntries(parameters) : null,
    pathParameters: options.pathParameters ?? null,
    stageVariables: options.stageVariables ?? null,
    requestContext: {
      resourceId: options.resourceId,
      resourcePath: options.resource,
      httpMethod: request.method,
      extendedRequestId: options.requestId.replace(/-/g, '').slice(0, 15) + '=',
      requestTime: commonLogTime(request.time),
      path: options.contextPath,
      accountId: options.accountId,
      protocol: `HTTP/${request.httpVersion}`,
      stage: options.stage,
      domainPrefix: options.domainName.split('.')[0],
      requestTimeEpoch: request.time.getTime(),
      requestId: options.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: request.clientAddress,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: headerOf(request, 'user-agent') ?? null,
        user: null,
      },
      domainName: options.domainName,
      ...(options.deploymentId && { deploymentId: options.deploymentId }),
      apiId: options.apiId,
    },
    ...renderBody(request, options.binary),
  };
}

/**
 * Reads a result of payload format 1.0. `headers` and `multiValueHeaders` are merged;
 * a pair that is in both is sent once.
 *
 * @throws UnreadableResult for what AWS logs as a malformed Lambda proxy response
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function readResultV1(
  payload: Buffer,
  options: { sender: 'rest-api' | 'http-api'; decode: () => boolean },
): DoorAnswer {
  const isRestApi = options.sender === 'rest-api';
  const result = parseResult(payload);
  if (!isResultObject(result)) {
    throw new UnreadableResult(`the result must be an object, got ${payload.subarray(0, 80).toString('utf8')}`);
  }
  const unknown = Object.keys(result).filter((key) => !['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'].includes(key));
  if (unknown.length > 0 && isRestApi) {
    throw new UnreadableResult(`the result has fields that a REST API rejects: ${unknown.join(', ')}`);
  }
  // Observed on AWS: an HTTP API requires statusCode, a REST API requires no field.
  const status = isRestApi && (result.statusCode ?? null) === null ? 200 : readStatusCode(result.statusCode, { digitsAllowed: true });
  const multiple = readMultiValueHeaders(result.multiValueHeaders);
  const single = readHeaders(result.headers, { booleansAllowed: true })
    .filter(([name, value]) => !multiple.some((pair) => pair[0] === name && pair[1] === value));
  const headers = [...single, ...multiple];
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', isRestApi ? 'application/json' : 'text/plain;charset=UTF-8']);
  }
  const text = readBodyText(result.body);
  const encoded = readIsBase64Encoded(result.isBase64Encoded);
  const decode = encoded && options.decode();
  return {
    status,
    headers,
    body: decode ? decodeBase64(text) : Buffer.from(text),
    reason: encoded && !decode && text.length > 0
      ? 'the body is sent as base64 text: the first type of the request\'s Accept header is not in the API\'s BinaryMediaTypes'
      : undefined,
  };
}

function renderBody(request: DoorRequest, binary: PayloadV1Options['binary']): EventBody | { body: null; isBase64Encoded: false } {
  if (request.body.length === 0) return { body: null, isBase64Encoded: false };
  switch (binary) {
    case 'always': return { body: request.body.toString('base64'), isBase64Encoded: true };
    case 'never': return { body: request.body.toString('utf8'), isBase64Encoded: false };
    case 'by-type': return encodeBodyByType(request);
  }
}

function spellNames(request: DoorRequest): Map<string, string[]> {
  const spelling = new Map(request.headers.map(([name]) => [name.toLowerCase(), name]));
  const forwarded = [...forwardedHeaders(request, { dropHopByHop: true })]
    // A REST API does not send content-length, as the live captures show.
    .filter(([name]) => name !== 'content-length')
    .map(([name, values]): [string, string[]] => [CAPITALISED.get(name) ?? spelling.get(name) ?? name, values]);
  return new Map(forwarded);
}

function lastValues(groups: Map<string, string[]>): Record<string, string> {
  return Object.fromEntries([...groups].map(([name, values]) => [name, values[values.length - 1]]));
}
