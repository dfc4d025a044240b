import { randomUUID } from 'node:crypto';
import { checkHeaderSize, MAX_HEADER_BYTES } from './api-gateway-headers';
import { DoorAnswer, DoorRequest, FrontDoor, HeaderList, Invocation, UnreadableResult } from './front-door';
import { LambdaTarget } from './lambda-target';
import { readResultV1, renderEventV1 } from './payload-v1';
import { headerBytes, headerOf, splitTarget } from './request-parts';
import { MockIntegration, readRestMethods, readRestStages, RestMethod, RestStage } from './rest-api-resources';
import { commonPath, matchRoute } from './route-pattern';
import { HTTP_INTEGRATION_RESPONSE, takePrelude } from './streamed-result';
import { findServiceRefusal } from '../assembly/permissions';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome, InvocationOutcome } from '../lambda/invocation-outcome';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Response headers that a REST API renames or drops.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
 */
const REMAPPED = new Set(['authorization', 'connection', 'content-length', 'content-md5', 'date', 'max-forwards', 'server', 'user-agent', 'www-authenticate']);
const DROPPED = new Set(['expect', 'host', 'keep-alive', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via']);

interface RoutedRequest {
  readonly request: DoorRequest;
  readonly path: string;
  /** With the stage, as the client sent it. */
  readonly contextPath: string;
  readonly stage: RestStage;
  readonly method: RestMethod;
  readonly target: LambdaTarget;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** Finds the REST APIs that have a method which reaches one of the functions. */
export function findRestApis(template: StackTemplate, webApps: readonly WebAppFunction[]): FrontDoor[] {
  const apis = new Map(template.neighbours.flatMap((neighbour) => neighbour.read('AWS::ApiGateway::RestApi', (api) => (
    [neighbour.ref(api.logicalId), { binaryMediaTypes: api.value('BinaryMediaTypes') ?? [] }] as const
  ))));
  const reached = new Set(template.read('AWS::ApiGateway::Method', (method) => method.id('RestApiId')));
  return [...reached]
    .map((apiId) => new RestApi(template, apiId, apis.get(apiId), webApps))
    .filter((api) => api.entrances.length > 0);
}

class RestApi implements FrontDoor {
  readonly name = 'rest-api';
  readonly entrances: FrontDoor['entrances'];
  readonly address: { readonly host: string };
  private readonly stages: RestStage[];
  private readonly methods: RestMethod[];
  private readonly binaryMediaTypes: readonly string[];

  /**
   * @param settings absent if the API is not in the cloud assembly
   */
  constructor(
    private readonly template: StackTemplate,
    private readonly apiId: string,
    settings: { readonly binaryMediaTypes: readonly string[] } | undefined,
    webApps: readonly WebAppFunction[],
  ) {
    this.address = { host: `${apiId}.execute-api.${template.region}.amazonaws.com` };
    this.stages = readRestStages(template, apiId);
    this.methods = readRestMethods(template, apiId, webApps);
    // An API that is not in the cloud assembly is assumed to be configured correctly.
    this.binaryMediaTypes = settings?.binaryMediaTypes ?? ['*/*'];
    const reached = new Set(this.methods.flatMap((method) => method.target ? [method.target.webApp] : []));
    this.entrances = [...reached].flatMap((webApp) => {
      const path = commonPath(this.methods.filter((method) => method.target?.webApp === webApp).map((method) => method.resourcePath));
      return this.stages.map((stage) => ({ webApp, path: `/${stage.name}${path}` }));
    });
  }

  accept(request: DoorRequest): Invocation | DoorAnswer {
    if (headerBytes(request) > MAX_HEADER_BYTES) {
      return renderError(431, 'Request Header Fields Too Large', `the request line and headers are larger than ${MAX_HEADER_BYTES} bytes`);
    }
    // Observed on AWS: repeated slashes before the stage and before the path become one; those within the path stay.
    const fullPath = splitTarget(request.target).path.replace(/^\/+/, '/');
    const stageName = fullPath.split('/')[1] ?? '';
    const stage = this.stages.find(({ name }) => name === stageName);
    if (!stage) {
      return renderError(403, 'Forbidden', `the REST API has no stage '${stageName}'; its stages are ${this.stages.map(({ name }) => name).join(', ')}`);
    }
    const contextPath = fullPath;
    const path = fullPath.slice(stageName.length + 1).replace(/^\/*/, '/');
    const found = this.findMethod(request.method, path);
    if (!found) return renderMissingToken(`no method of the REST API matches ${request.method} ${path}`);
    if (!stage.deployedMethods.has(found.method.logicalId)) {
      return renderMissingToken(`method ${found.method.logicalId} is not in a deployment of stage '${stage.name}': add it to the DependsOn of the AWS::ApiGateway::Deployment`);
    }
    if (found.method.needsAuthorization && headerOf(request, 'authorization') === undefined) {
      return renderError(401, 'Unauthorized', `method ${found.method.logicalId} has an authorizer and the request has no authorization header (which is not checked here)`);
    }
    if (found.method.needsApiKey && headerOf(request, 'x-api-key') === undefined) {
      return renderError(403, 'Forbidden', `method ${found.method.logicalId} needs an API key in x-api-key (which is not checked here)`);
    }
    if (found.method.mock) return this.answerMock(found.method.mock, request);
    if (!found.method.target) {
      return renderError(500, 'Internal server error', `method ${found.method.logicalId} has no Lambda proxy integration with a wrapped web app; other integrations are not served here`);
    }
    return this.invoke({ request, path, contextPath, stage, ...found, target: found.method.target, requestId: randomUUID() });
  }

  /** Answers as a MOCK integration, which the CDK uses for preflight requests. */
  private answerMock(mock: MockIntegration, request: DoorRequest): DoorAnswer {
    if (this.isBinary(headerOf(request, 'content-type') ?? 'application/json') && !mock.convertsToText) {
      return renderError(500, 'Internal server error', 'a MOCK integration cannot read its template as bytes: BinaryMediaTypes covers the request, and ContentHandling is not CONVERT_TO_TEXT');
    }
    return { status: mock.status, headers: mock.headers, body: Buffer.alloc(0) };
  }

  private invoke(routed: RoutedRequest): Invocation | DoorAnswer {
    const { request, method, target } = routed;
    if (request.body.length > MAX_BODY_BYTES) {
      return renderError(413, 'Request Too Long', `the body is larger than ${MAX_BODY_BYTES} bytes`);
    }
    const sourceArn = `arn:aws:execute-api:${this.template.region}:${this.template.account}:${this.apiId}/${routed.stage.name}/${request.method}${method.resourcePath}`;
    const refusal = findServiceRefusal(this.template, 'apigateway.amazonaws.com', target.functionArn, sourceArn);
    if (refusal) return renderError(500, 'Internal server error', refusal);
    return {
      webApp: target.webApp,
      event: this.renderEvent(routed),
      timeout: {
        milliseconds: method.timeoutMs,
        answer: renderError(504, 'Endpoint request timed out', `the function took longer than the ${method.timeoutMs / 1000} s that the REST API waits`),
      },
      read: target.streaming && method.streaming
        ? { mode: 'streaming', answer: async (outcome) => this.readStream(outcome, routed) }
        : { mode: 'buffered', answer: (outcome) => this.readResult(outcome, routed) },
    };
  }

  private renderEvent({ request, path, contextPath, stage, method, pathParameters, requestId }: RoutedRequest): object {
    return renderEventV1(request, {
      accountId: this.template.account,
      apiId: this.apiId,
      deploymentId: stage.deploymentId,
      domainName: `${this.apiId}.execute-api.${this.template.region}.amazonaws.com`,
      requestId,
      stage: stage.name,
      stageVariables: stage.variables,
      resource: method.resourcePath,
      resourceId: method.resourceId,
      path,
      contextPath,
      pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : undefined,
      binary: this.isBinary(headerOf(request, 'content-type') ?? 'application/json') ? 'always' : 'never',
    });
  }

  private readResult(outcome: BufferedOutcome, { request, requestId }: RoutedRequest): DoorAnswer {
    if (outcome.kind === 'error') {
      return renderError(502, 'Internal server error', `the function failed: ${outcome.errorType}: ${outcome.errorMessage}`);
    }
    try {
      const answer = readResultV1(outcome.payload, {
        sender: 'rest-api',
        // API Gateway looks only at the first media type of the Accept header.
        decode: () => this.isBinary((headerOf(request, 'accept') ?? 'application/json').split(',')[0]),
      });
      checkHeaderSize(answer.headers);
      return { ...answer, headers: finishHeaders(answer.headers, requestId) };
    } catch (error) {
      if (error instanceof UnreadableResult) return renderError(502, 'Internal server error', error.message);
      throw error;
    }
  }

  /** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html */
  private async readStream(outcome: InvocationOutcome, routed: RoutedRequest): Promise<DoorAnswer> {
    if (outcome.kind === 'error') return this.readResult(outcome, routed);
    if (outcome.kind === 'result' || outcome.contentType !== HTTP_INTEGRATION_RESPONSE) {
      return renderError(502, 'Internal server error', `the method streams, but the function did not respond with ${HTTP_INTEGRATION_RESPONSE}`);
    }
    try {
      const { status, headers, cookies } = await takePrelude(outcome.body);
      const all: HeaderList = [...headers, ...cookies.map((cookie) => ['Set-Cookie', cookie] as const)];
      checkHeaderSize(all);
      const typed: HeaderList = all.some(([name]) => name.toLowerCase() === 'content-type') ? all : [...all, ['Content-Type', 'application/json']];
      return { status, headers: finishHeaders(typed, routed.requestId), body: outcome.body };
    } catch (error) {
      outcome.body.destroy();
      return renderError(502, 'Internal server error', (error as Error).message);
    }
  }

  private findMethod(httpMethod: string, path: string): { method: RestMethod; pathParameters: Readonly<Record<string, string>> } | undefined {
    const matches = this.methods.flatMap((method) => {
      if (method.httpMethod !== 'ANY' && method.httpMethod !== httpMethod) return [];
      const match = matchRoute(method.resourcePath, path);
      return match ? [{ method, pathParameters: match.pathParameters, rank: match.rank + (method.httpMethod === 'ANY' ? 0 : 0.5) }] : [];
    });
    return matches.sort((a, b) => b.rank - a.rank)[0];
  }

  /** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html */
  private isBinary(mediaType: string): boolean {
    const [type, subtype] = mediaType.split(';')[0].trim().toLowerCase().split('/');
    return this.binaryMediaTypes.some((binary) => {
      const [binaryType, binarySubtype] = binary.toLowerCase().split('/');
      return (binaryType === '*' || binaryType === type) && (binarySubtype === '*' || binarySubtype === subtype);
    });
  }
}

function finishHeaders(headers: HeaderList, requestId: string): HeaderList {
  return [...headers.flatMap((header) => remap(header)), ['x-amzn-RequestId', requestId]];
}

function remap([name, value]: readonly [string, string]): [string, string][] {
  const lower = name.toLowerCase();
  if (DROPPED.has(lower)) return [];
  return [[REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value]];
}

function renderMissingToken(reason: string): DoorAnswer {
  const answer = renderError(403, 'Missing Authentication Token', reason);
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', 'MissingAuthenticationTokenException']] };
}

function renderError(status: number, text: string, reason: string): DoorAnswer {
  const headers: HeaderList = [['Content-Type', 'application/json']];
  return { status, headers, body: Buffer.from(JSON.stringify({ message: text })), reason };
}
