import { STATUS_CODES } from 'node:http';
import { matchesConditions, pathPatternsOf } from './alb-conditions';
import { Listener, ListenerAction, readListeners, TargetGroup } from './alb-resources';
import { encodeBodyByType } from './event-body';
import { DoorAnswer, DoorRequest, FrontDoor, Invocation, UnreadableResult } from './front-door';
import { decodeBase64, isResultObject, parseResult, readBodyText, readHeaders, readIsBase64Encoded, readMultiValueHeaders, readStatusCode } from './function-result';
import { forwardedHeaders, groupByName, headerOf, splitQuery, splitTarget } from './request-parts';
import { commonPath } from './route-pattern';
import { findServiceRefusal } from '../assembly/permissions';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';
import { BufferedOutcome } from '../lambda/invocation-outcome';

/** The limit for requests and for responses, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const MAX_BYTES = 1024 * 1024;

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Finds the load balancers' listeners that reach one of the functions. */
export function findLoadBalancers(template: StackTemplate, webApps: readonly WebAppFunction[]): FrontDoor[] {
  return readListeners(template, webApps)
    .map((listener) => new LoadBalancerListener(template, listener))
    .filter((door) => door.entrances.length > 0);
}

class LoadBalancerListener implements FrontDoor {
  readonly name = 'alb';
  readonly entrances: FrontDoor['entrances'];
  readonly address: FrontDoor['address'];

  constructor(private readonly template: StackTemplate, private readonly listener: Listener) {
    this.address = listener.address;
    const ways = [...listener.rules, { conditions: [], action: listener.defaultAction }]
      .flatMap(({ conditions, action }) => action?.kind === 'forward' && action.targetGroup.webApp
        ? [{ webApp: action.targetGroup.webApp, patterns: pathPatternsOf(conditions) }]
        : []);
    this.entrances = [...new Set(ways.map(({ webApp }) => webApp))].map((webApp) => ({
      webApp,
      path: commonPath(ways.filter((way) => way.webApp === webApp).flatMap((way) => way.patterns)),
    }));
  }

  accept(request: DoorRequest): Invocation | DoorAnswer {
    if (headerOf(request, 'upgrade') !== undefined) {
      return renderErrorPage(400, 'a load balancer refuses upgrades to WebSockets for Lambda targets');
    }
    if (request.method === 'TRACE') {
      return renderErrorPage(405, 'a load balancer refuses TRACE');
    }
    const rule = this.listener.rules.find((candidate) => matchesConditions(candidate.conditions, request));
    const action: ListenerAction | undefined = (rule ?? { action: this.listener.defaultAction }).action;
    switch (action?.kind) {
      case 'forward': return this.forward(this.listener.dropInvalidHeaders ? dropInvalidHeaders(request) : request, action.targetGroup);
      case 'answer': return action.answer(request);
      default: return renderErrorPage(503, 'the listener has no action that is served here');
    }
  }

  private forward(request: DoorRequest, targetGroup: TargetGroup): Invocation | DoorAnswer {
    const { webApp, functionArn } = targetGroup;
    if (!webApp || !functionArn) {
      return renderErrorPage(503, `target group ${targetGroup.arn} has no wrapped web app as its target`);
    }
    if (request.body.length > MAX_BYTES) {
      return renderErrorPage(413, `the body is larger than the ${MAX_BYTES} bytes that a load balancer sends to a Lambda function`);
    }
    const refusal = findServiceRefusal(this.template, 'elasticloadbalancing.amazonaws.com', functionArn, targetGroup.arn);
    if (refusal) return renderErrorPage(502, `${refusal} (LambdaAccessDenied)`);
    return {
      webApp,
      event: renderEvent(request, targetGroup),
      read: { mode: 'buffered', answer: (outcome) => readOutcome(outcome, targetGroup) },
    };
  }
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
function dropInvalidHeaders(request: DoorRequest): DoorRequest {
  return { ...request, headers: request.headers.filter(([name]) => /^[-A-Za-z0-9]+$/.test(name)) };
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer */
function renderEvent(request: DoorRequest, { arn, multiValueHeaders }: TargetGroup): object {
  const { path, query } = splitTarget(request.target);
  const headers = forwardedHeaders(request, { dropHopByHop: false });
  const parameters = groupByName(splitQuery(query));
  return {
    requestContext: { elb: { targetGroupArn: arn } },
    httpMethod: request.method,
    path,
    ...(multiValueHeaders
      ? { multiValueQueryStringParameters: Object.fromEntries(parameters), multiValueHeaders: Object.fromEntries(headers) }
      : { queryStringParameters: lastValues(parameters), headers: lastValues(headers) }),
    ...(request.body.length > 0 ? encodeBodyByType(request) : { body: '', isBase64Encoded: false }),
  };
}

function readOutcome(outcome: BufferedOutcome, targetGroup: TargetGroup): DoorAnswer {
  if (outcome.kind === 'error') {
    return renderErrorPage(502, `the function failed: ${outcome.errorType}: ${outcome.errorMessage}`);
  }
  if (outcome.payload.length > MAX_BYTES) {
    return renderErrorPage(502, `the result has ${outcome.payload.length} bytes of JSON and a load balancer takes ${MAX_BYTES} (LambdaResponseTooLarge)`);
  }
  try {
    return readResult(outcome.payload, targetGroup);
  } catch (error) {
    if (error instanceof UnreadableResult) return renderErrorPage(502, `${error.message} (LambdaInvalidResponse)`);
    throw error;
  }
}

/**
 * Reads a function's result. The target group's attribute decides whether `headers` or `multiValueHeaders` is read; the other is ignored.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer
 */
function readResult(payload: Buffer, { multiValueHeaders }: TargetGroup): DoorAnswer {
  const result = parseResult(payload);
  if (!isResultObject(result)) {
    throw new UnreadableResult(`the result must be an object with statusCode, got ${payload.subarray(0, 80).toString('utf8')}`);
  }
  const status = readStatusCode(result.statusCode, { digitsAllowed: false });
  const headers = (multiValueHeaders ? readMultiValueHeaders(result.multiValueHeaders) : readHeaders(result.headers, { booleansAllowed: false }))
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type') && status !== 204 && status !== 304) {
    headers.push(['content-type', 'application/octet-stream']);
  }
  if (!headers.some(([name]) => name.toLowerCase() === 'server')) {
    headers.push(['server', 'awselb/2.0']);
  }
  const text = readBodyText(result.body);
  return {
    status,
    statusText: readStatusText(result.statusDescription, status),
    headers,
    body: readIsBase64Encoded(result.isBase64Encoded) ? decodeBase64(text) : Buffer.from(text),
    reason: findIgnoredHeaders(result, multiValueHeaders),
  };
}

/** Reads `200 OK` or `OK`. */
function readStatusText(value: unknown, status: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    throw new UnreadableResult(`statusDescription must be a string, got ${JSON.stringify(value)}`);
  }
  return value.replace(new RegExp(`^${status}\\s*`), '') || undefined;
}

function findIgnoredHeaders(result: object, multiValueHeaders: boolean): string | undefined {
  if (multiValueHeaders) {
    return 'headers' in result && !('multiValueHeaders' in result)
      ? 'headers is ignored: the target group has lambda.multi_value_headers.enabled; use multiValueHeaders'
      : undefined;
  }
  return 'multiValueHeaders' in result && !('headers' in result)
    ? 'multiValueHeaders is ignored: the target group does not have lambda.multi_value_headers.enabled; use headers'
    : undefined;
}

function lastValues(groups: Map<string, string[]>): Record<string, string> {
  return Object.fromEntries([...groups].map(([name, values]) => [name, values[values.length - 1]]));
}

function renderErrorPage(status: number, reason: string): DoorAnswer {
  const title = `${status} ${STATUS_CODES[status]}`;
  return {
    status,
    headers: [['server', 'awselb/2.0'], ['content-type', 'text/html']],
    body: Buffer.from(`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`),
    reason,
  };
}
