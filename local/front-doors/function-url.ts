import { randomUUID } from 'node:crypto';
import { CorsSettings, isPreflight, renderCorsHeaders, withCors } from './cors';
import { DoorAnswer, DoorRequest, FrontDoor, HeaderList, Invocation, UnreadableResult } from './front-door';
import { readResultV2, renderEventV2 } from './payload-v2';
import { headerOf, splitTarget } from './request-parts';
import { HTTP_INTEGRATION_RESPONSE, takePrelude } from './streamed-result';
import { decideInvoke } from '../assembly/permissions';
import { StackTemplate } from '../assembly/stack-template';
import { TemplateResource } from '../assembly/template-resource';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome, InvocationOutcome } from '../lambda/invocation-outcome';

/** The largest payload of a synchronous invocation. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** Response headers that a Function URL renames. AWS does not document this; users report it. */
const REMAPPED = new Set(['www-authenticate', 'date', 'server', 'connection']);
const DROPPED = new Set(['transfer-encoding', 'keep-alive']);

/** Finds the Function URLs that reach one of the functions. */
export function findFunctionUrls(template: StackTemplate, webApps: readonly WebAppFunction[]): FrontDoor[] {
  return template.read('AWS::Lambda::Url', (url) => {
    const target = String(url.value('TargetFunctionArn'));
    const webApp = webApps.find(({ arn, name }) => arn === target || name === target);
    return webApp && new FunctionUrl(template, url, webApp);
  });
}

class FunctionUrl implements FrontDoor {
  readonly name = 'function-url';
  readonly entrances: FrontDoor['entrances'];
  readonly address: { readonly host: string };
  private readonly urlId: string;
  private readonly functionArn: string;
  private readonly cors: CorsSettings | undefined;
  private readonly needsSignature: boolean;
  private readonly streaming: boolean;

  constructor(private readonly template: StackTemplate, url: TemplateResource, private readonly webApp: WebAppFunction) {
    this.entrances = [{ webApp, path: '/' }];
    const [, host, urlId] = /^https:\/\/(([^.]+)[^/]+)/.exec(template.attribute(url.logicalId, 'FunctionUrl'))!;
    this.address = { host };
    this.urlId = urlId;
    const qualifier = url.value('Qualifier');
    this.functionArn = qualifier ? `${webApp.arn}:${qualifier}` : webApp.arn;
    this.cors = url.value('Cors');
    this.needsSignature = url.value('AuthType') === 'AWS_IAM';
    this.streaming = url.value('InvokeMode') === 'RESPONSE_STREAM';
  }

  accept(request: DoorRequest): Invocation | DoorAnswer {
    if (isPreflight(this.cors, request)) {
      return { status: 200, headers: renderCorsHeaders(this.cors, request), body: Buffer.alloc(0) };
    }
    const refusal = this.findRefusal(request);
    if (refusal) {
      return {
        status: 403,
        headers: [['content-type', 'application/json'], ['x-amzn-errortype', 'AccessDeniedException']],
        body: Buffer.from('{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}'),
        reason: refusal,
      };
    }
    const requestId = randomUUID();
    const event = this.renderEvent(request, requestId);
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) {
      return {
        status: 413,
        headers: [['content-type', 'application/json'], ['x-amzn-errortype', 'RequestEntityTooLargeException']],
        body: Buffer.from(`{"Message":"Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation"}`),
        reason: `the event is larger than ${MAX_EVENT_BYTES} bytes`,
      };
    }
    return {
      webApp: this.webApp,
      event,
      read: this.streaming
        ? { mode: 'streaming', answer: async (outcome) => this.readStream(outcome, request, requestId) }
        : { mode: 'buffered', answer: (outcome) => this.readResult(outcome, request, requestId) },
    };
  }

  private renderEvent(request: DoorRequest, requestId: string): object {
    return renderEventV2(request, {
      accountId: 'anonymous',
      apiId: this.urlId,
      domainName: this.address.host,
      requestId,
      routeKey: '$default',
      stage: '$default',
      rawPath: splitTarget(request.target).path,
      keepCookieHeader: true,
      extraHeaders: { 'x-amzn-tls-cipher-suite': 'TLS_AES_128_GCM_SHA256', 'x-amzn-tls-version': 'TLSv1.3' },
    });
  }

  private readResult(outcome: BufferedOutcome, request: DoorRequest, requestId: string): DoorAnswer {
    if (outcome.kind === 'error') {
      return internalServerError(`the function failed: ${outcome.errorType}: ${outcome.errorMessage}`);
    }
    try {
      const answer = readResultV2(outcome.payload, { sender: 'function-url' });
      return { ...answer, headers: this.finishHeaders(answer.headers, request, requestId) };
    } catch (error) {
      if (error instanceof UnreadableResult) return internalServerError(error.message);
      throw error;
    }
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
  private async readStream(outcome: InvocationOutcome, request: DoorRequest, requestId: string): Promise<DoorAnswer> {
    if (outcome.kind === 'error') return this.readResult(outcome, request, requestId);
    if (outcome.kind === 'result' || outcome.contentType !== HTTP_INTEGRATION_RESPONSE) {
      const [body, contentType] = outcome.kind === 'result' ? [outcome.payload, 'application/json'] : [outcome.body, outcome.contentType];
      const headers = this.finishHeaders([['content-type', contentType]], request, requestId);
      return { status: 200, headers, body, reason: `the function did not stream an HTTP response (${HTTP_INTEGRATION_RESPONSE}): its bytes are sent unchanged` };
    }
    try {
      const { status, headers, cookies } = await takePrelude(outcome.body);
      const byName = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
      // A streamed answer has no content-length; the function's own is renamed, as users report.
      const length = byName.get('content-length');
      if (length !== undefined && request.method !== 'HEAD') {
        byName.delete('content-length');
        byName.set('x-amzn-Remapped-content-length', length);
      }
      if (!byName.has('content-type')) byName.set('content-type', 'application/octet-stream');
      const all: HeaderList = [...byName, ...cookies.map((cookie) => ['set-cookie', cookie] as const)];
      return { status, headers: this.finishHeaders(all, request, requestId), body: outcome.body };
    } catch (error) {
      outcome.body.destroy();
      return internalServerError((error as Error).message);
    }
  }

  private finishHeaders(headers: HeaderList, request: DoorRequest, requestId: string): HeaderList {
    return [...withCors(headers.flatMap((header) => remap(header)), this.cors, request), ['x-amzn-requestid', requestId]];
  }

  /**
   * Since October 2025, a URL without authentication needs permissions for both actions.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
   */
  private findRefusal(request: DoorRequest): string | undefined {
    if (this.needsSignature) {
      return headerOf(request, 'authorization')?.startsWith('AWS4-HMAC-SHA256')
        ? undefined
        : 'AuthType is AWS_IAM and the request is not signed (signatures are not checked here)';
    }
    const decisions = (['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const)
      .map((action) => ({ action, ...decideInvoke(this.template, { functionArn: this.functionArn, action, principal: '*', viaFunctionUrl: true }) }));
    const missing = decisions.filter(({ allowed }) => !allowed);
    if (missing.length === 0) return undefined;
    const actions = missing.map(({ action }) => action).join(' and ');
    const unreadable = new Set(missing.flatMap((decision) => decision.unreadable));
    return [`no AWS::Lambda::Permission allows ${actions} on ${this.functionArn} to everyone`, ...unreadable].join('; ');
  }
}

function remap([name, value]: readonly [string, string]): [string, string][] {
  if (DROPPED.has(name)) return [];
  return [[REMAPPED.has(name) ? `x-amzn-Remapped-${name}` : name, value]];
}

function internalServerError(reason: string): DoorAnswer {
  return {
    status: 502,
    headers: [['content-type', 'application/json'], ['x-amzn-errortype', 'InternalServerErrorException']],
    body: Buffer.from('Internal Server Error'),
    reason,
  };
}
