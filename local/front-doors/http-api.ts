import { randomBytes } from 'node:crypto';
import { checkHeaderSize, MAX_HEADER_BYTES } from './api-gateway-headers';
import { CorsSettings, isPreflight, renderCorsHeaders, withCors } from './cors';
import { DoorAnswer, DoorRequest, FrontDoor, HeaderList, Invocation, UnreadableResult } from './front-door';
import { HttpRoute, HttpStage, readHttpRoutes, readHttpStages } from './http-api-resources';
import { readResultV1, renderEventV1 } from './payload-v1';
import { readResultV2, renderEventV2 } from './payload-v2';
import { decodePercent, headerBytes, headerOf, splitTarget } from './request-parts';
import { commonPath, matchRoute } from './route-pattern';
import { findServiceRefusal } from '../assembly/permissions';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome } from '../lambda/invocation-outcome';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

interface RoutedRequest {
  readonly request: DoorRequest;
  readonly stage: HttpStage;
  readonly route: HttpRoute;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** Finds the HTTP APIs that have a route to one of the functions. */
export function findHttpApis(template: StackTemplate, webApps: readonly WebAppFunction[]): FrontDoor[] {
  const apis = new Map(template.neighbours.flatMap((neighbour) => neighbour.read('AWS::ApiGatewayV2::Api', (api) => (
    api.value('ProtocolType') === 'HTTP' ? [neighbour.ref(api.logicalId), { cors: api.value('CorsConfiguration') }] as const : undefined
  ))));
  const routed = new Set(template.read('AWS::ApiGatewayV2::Route', (route) => route.id('ApiId')));
  // The settings of an API that is not in the cloud assembly are not known.
  return [...routed]
    .map((apiId) => new HttpApi(template, apiId, apis.get(apiId), webApps))
    .filter((api) => api.entrances.length > 0);
}

class HttpApi implements FrontDoor {
  readonly name = 'http-api';
  readonly entrances: FrontDoor['entrances'];
  readonly address: { readonly host: string };
  private readonly cors: CorsSettings | undefined;
  private readonly routes: HttpRoute[];
  private readonly stages: HttpStage[];

  /**
   * @param settings absent if the API is not in the cloud assembly
   */
  constructor(
    private readonly template: StackTemplate,
    private readonly apiId: string,
    settings: { readonly cors?: CorsSettings } | undefined,
    webApps: readonly WebAppFunction[],
  ) {
    this.address = { host: `${apiId}.execute-api.${template.region}.amazonaws.com` };
    this.cors = settings?.cors;
    const stages = readHttpStages(template, apiId);
    this.stages = settings === undefined && stages.length === 0 ? [{ name: '$default' }] : stages;
    this.routes = readHttpRoutes(template, apiId, webApps);
    const reached = new Set(this.routes.map((route) => route.target.webApp));
    this.entrances = [...reached].flatMap((webApp) => {
      const path = commonPath(this.routes.filter((route) => route.target.webApp === webApp).map((route) => route.pattern ?? '/'));
      return this.stages.map((stage) => ({ webApp, path: stage.name === '$default' ? path : `/${stage.name}${path}` }));
    });
  }

  accept(request: DoorRequest): Invocation | DoorAnswer {
    if (headerBytes(request) > MAX_HEADER_BYTES) {
      return renderError(431, 'Request Header Fields Too Large', `the request line and headers are larger than ${MAX_HEADER_BYTES} bytes`);
    }
    if (isPreflight(this.cors, request)) {
      return { status: 204, headers: renderCorsHeaders(this.cors, request), body: Buffer.alloc(0) };
    }
    const { stage, path } = this.splitStage(splitTarget(request.target).path);
    if (!stage) return renderError(404, 'Not Found', `no stage serves ${path}`);
    const found = this.findRoute(request.method, path);
    if (!found) return renderError(404, 'Not Found', `no route of the HTTP API matches ${request.method} ${path}`);
    return this.invoke({ request, stage, ...found, requestId: randomBytes(11).toString('base64') });
  }

  private invoke(routed: RoutedRequest): Invocation | DoorAnswer {
    const { request, route } = routed;
    if (route.needsAuthorization && headerOf(request, 'authorization') === undefined) {
      return renderError(401, 'Unauthorized', `route ${route.key} has an authorizer and the request has no authorization header (which is not checked here)`);
    }
    if (request.body.length > MAX_BODY_BYTES) {
      return renderError(413, 'Request Entity Too Large', `the body is larger than ${MAX_BODY_BYTES} bytes`);
    }
    const sourceArn = this.sourceArn(routed);
    const refusal = findServiceRefusal(this.template, 'apigateway.amazonaws.com', route.target.functionArn, sourceArn);
    if (refusal) return renderError(500, 'Internal Server Error', refusal);
    return {
      webApp: route.target.webApp,
      event: this.renderEvent(routed),
      timeout: {
        milliseconds: route.timeoutMs,
        answer: renderError(503, 'Service Unavailable', `the function took longer than the ${route.timeoutMs / 1000} s that the HTTP API waits`),
      },
      read: { mode: 'buffered', answer: (outcome) => this.read(outcome, routed) },
    };
  }

  private renderEvent({ request, stage, route, pathParameters, requestId }: RoutedRequest): object {
    const domainName = `${this.apiId}.execute-api.${this.template.region}.amazonaws.com`;
    const common = {
      accountId: this.template.account,
      apiId: this.apiId,
      domainName,
      requestId,
      stage: stage.name,
      stageVariables: stage.variables,
    };
    // The path arrives decoded, as the live captures show: an encoded slash looks like a plain one.
    const rawPath = decodePercent(splitTarget(request.target).path);
    return route.payloadFormat === '1.0'
      ? renderEventV1(request, {
        ...common,
        version: '1.0',
        resource: route.pattern ?? '$default',
        resourceId: route.key,
        path: rawPath,
        contextPath: rawPath,
        pathParameters,
        binary: 'by-type',
      })
      : renderEventV2(request, { ...common, routeKey: route.key, rawPath, pathParameters, keepCookieHeader: false });
  }

  private read(outcome: BufferedOutcome, { request, route, requestId }: RoutedRequest): DoorAnswer {
    if (outcome.kind === 'error') {
      return renderError(500, 'Internal Server Error', `the function failed: ${outcome.errorType}: ${outcome.errorMessage}`);
    }
    try {
      const answer = route.payloadFormat === '1.0'
        ? readResultV1(outcome.payload, { sender: 'http-api', decode: () => true })
        : readResultV2(outcome.payload, { sender: 'http-api' });
      checkHeaderSize(answer.headers);
      const headers = withCors(answer.headers, this.cors, request).filter(([name]) => !isHopByHop(name));
      return { ...answer, headers: [...headers, ['apigw-requestid', requestId]] };
    } catch (error) {
      if (error instanceof UnreadableResult) return renderError(500, 'Internal Server Error', error.message);
      throw error;
    }
  }

  /** The first part of the path is the name of a stage. Other paths belong to `$default`. */
  private splitStage(path: string): { stage?: HttpStage; path: string } {
    const first = decodePercent(path.split('/')[1] ?? '');
    const named = this.stages.find((stage) => stage.name === first);
    return named
      ? { stage: named, path: path.slice(path.split('/')[1].length + 1) || '/' }
      : { stage: this.stages.find((stage) => stage.name === '$default'), path };
  }

  private findRoute(method: string, path: string): { route: HttpRoute; pathParameters?: Readonly<Record<string, string>> } | undefined {
    const matches = this.routes.flatMap((route): { route: HttpRoute; rank: number; pathParameters?: Readonly<Record<string, string>> }[] => {
      if (!route.pattern) return [{ route, rank: -1 }];
      if (route.method !== 'ANY' && route.method !== method) return [];
      const match = matchRoute(route.pattern, decodePercent(path));
      return match ? [{ route, rank: match.rank + (route.method === 'ANY' ? 0 : 0.5), pathParameters: match.pathParameters }] : [];
    });
    return matches.sort((a, b) => b.rank - a.rank)[0];
  }

  private sourceArn({ request, stage, route }: RoutedRequest): string {
    const prefix = `arn:aws:execute-api:${this.template.region}:${this.template.account}:${this.apiId}/${stage.name}`;
    return route.pattern ? `${prefix}/${request.method}${route.pattern}` : `${prefix}/$default`;
  }
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade']);

function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name.toLowerCase());
}

function renderError(status: number, text: string, reason: string): DoorAnswer {
  const headers: HeaderList = [['content-type', 'application/json']];
  return { status, headers, body: Buffer.from(JSON.stringify({ message: text })), reason };
}
