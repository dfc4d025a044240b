import { randomBytes } from 'node:crypto';
import { CacheBehaviour, DistributionResource } from './cloudfront-resources';
import { DoorAnswer, DoorRequest, FrontDoor, HeaderList, Invocation, isInvocation } from './front-door';
import { splitTarget } from './request-parts';
import { BufferedOutcome, InvocationOutcome } from '../lambda/invocation-outcome';

/** An address of CloudFront's, which the door behind it takes for that of the client. */
const EDGE_ADDRESS = '130.176.0.1';

/** The runtime believes this header of CloudFront. Here the door is reached without TLS: docs/decisions/0007-local-doors-say-http.md */
const VIEWER_PROTO = 'x-wrapped-web-app-viewer-proto';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior */
const NOT_FORWARDED = new Set(['connection', 'expect', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'x-real-ip']);

/** A distribution, with its routes, its static files, its functions for requests, and the headers that it adds. It keeps no answer. */
export class Distribution implements FrontDoor {
  readonly name = 'cloudfront';
  readonly entrances: FrontDoor['entrances'];
  readonly differences: readonly string[];

  /**
   * @param doors those that the distribution calls, by the IDs of its origins
   */
  constructor(private readonly resource: DistributionResource, private readonly doors: ReadonlyMap<string, FrontDoor>) {
    const { originId } = resource.defaultBehaviour;
    const { path } = resource.origins.get(originId)!;
    this.entrances = doors.get(originId)!.entrances
      .filter((entrance) => `${entrance.path}/`.startsWith(`${path}/`))
      .map((entrance) => ({ webApp: entrance.webApp, path: entrance.path.slice(path.length) || '/' }));
    this.differences = [
      'CloudFront keeps no answers: each request reaches the app or a file',
      ...resource.differences,
    ];
  }

  accept(request: DoorRequest): Invocation | DoorAnswer {
    const { path } = splitTarget(request.target);
    const behaviour = this.resource.behaviours.find(({ pattern }) => pattern.test(path)) ?? this.resource.defaultBehaviour;
    if (!behaviour.methods.includes(request.method)) {
      return this.renderError(403, `the distribution does not allow ${request.method} for ${path}: it allows ${behaviour.methods.join(', ')}`);
    }
    if (request.method === 'GET' && request.body.length > 0) {
      return this.renderError(403, 'CloudFront refuses a GET request with a body');
    }
    const decision = this.askOrigin(behaviour, request);
    return isInvocation(decision) ? this.wrap(decision) : this.finish(decision);
  }

  private askOrigin(behaviour: CacheBehaviour, request: DoorRequest): Invocation | DoorAnswer {
    const changed = behaviour.viewerRequest?.(request) ?? request;
    if ('status' in changed) return changed;
    const bucket = this.resource.buckets.get(behaviour.originId);
    if (bucket) return bucket.answer(changed, behaviour.compresses);
    const door = this.doors.get(behaviour.originId);
    const origin = this.resource.origins.get(behaviour.originId)!;
    if (!door) return this.renderError(502, `the origin ${origin.host} is not served here`);
    return door.accept({ ...changed, target: `${origin.path}${relativeTarget(changed.target)}`, headers: this.headersFor(changed, origin), clientAddress: EDGE_ADDRESS });
  }

  private headersFor(request: DoorRequest, origin: { readonly host: string; readonly headers: HeaderList }): HeaderList {
    const own = new Set(origin.headers.map(([name]) => name.toLowerCase()));
    const forwardedFor = valuesOf(request, 'x-forwarded-for');
    const kept = request.headers.filter(([name]) => {
      const lower = name.toLowerCase();
      return !NOT_FORWARDED.has(lower) && !own.has(lower) && lower !== 'host' && lower !== 'x-forwarded-for' && lower !== VIEWER_PROTO;
    });
    return [
      ['Host', origin.host],
      ...kept,
      ...origin.headers,
      ...valuesOf(request, VIEWER_PROTO).length > 0 ? [[VIEWER_PROTO, request.scheme] as const] : [],
      ['X-Forwarded-For', [...forwardedFor, request.clientAddress].join(', ')],
      ['Via', `${request.httpVersion} ${this.resource.id}.cloudfront.net (CloudFront)`],
      ['X-Amz-Cf-Id', randomBytes(42).toString('base64url')],
    ];
  }

  /** The answer of the door behind, or that of CloudFront if the door takes longer than CloudFront waits. */
  private wrap(invocation: Invocation): Invocation {
    const { read, timeout } = invocation;
    const milliseconds = this.resource.readTimeoutMs;
    return {
      ...invocation,
      timeout: timeout && timeout.milliseconds <= milliseconds
        ? { ...timeout, answer: this.finish(timeout.answer) }
        : { milliseconds, answer: this.renderError(504, `CloudFront waits only ${milliseconds / 1000} s`) },
      read: read.mode === 'streaming'
        ? { mode: 'streaming', answer: async (outcome: InvocationOutcome) => this.finish(await read.answer(outcome)) }
        : { mode: 'buffered', answer: (outcome: BufferedOutcome) => this.finish(read.answer(outcome)) },
    };
  }

  private finish(answer: DoorAnswer): DoorAnswer {
    return {
      ...answer,
      headers: [
        ...answer.headers,
        ['x-cache', answer.status >= 400 ? 'Error from cloudfront' : 'Miss from cloudfront'],
        ['via', `1.1 ${this.resource.id}.cloudfront.net (CloudFront)`],
        ['x-amz-cf-pop', 'LOCAL-P1'],
      ],
    };
  }

  private renderError(status: number, reason: string): DoorAnswer {
    const page = `<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>${status} ERROR</H1></BODY></HTML>`;
    return this.finish({ status, headers: [['server', 'CloudFront'], ['content-type', 'text/html']], body: Buffer.from(page), reason });
  }
}

function valuesOf(request: DoorRequest, name: string): string[] {
  return request.headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
}

function relativeTarget(target: string): string {
  const { path, query } = splitTarget(target);
  return query === '' ? path : `${path}?${query}`;
}
