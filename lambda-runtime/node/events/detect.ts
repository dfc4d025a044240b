import { alb } from './alb';
import { EventFormat, HttpEventFormat, LambdaEvent } from './event-format';
import { lattice } from './lattice';
import { otherEvent } from './other-event';
import { payloadV1 } from './payload-v1';
import { payloadV2 } from './payload-v2';
import { Settings } from '../settings/settings';

/** The format of an event, and the kind of reply that its sender expects. */
export type EventKind = HttpKind | OtherKind;

interface HttpKind {
  readonly format: HttpEventFormat;
  readonly reply: 'http-response';
}

/** An event of another service. The result of the invocation may be any JSON. */
interface OtherKind {
  readonly format: EventFormat;
  readonly reply: 'event-result';
}

const ALB: HttpKind = { format: alb, reply: 'http-response' };
const LATTICE: HttpKind = { format: lattice, reply: 'http-response' };
const PAYLOAD_V1: HttpKind = { format: payloadV1, reply: 'http-response' };
const PAYLOAD_V2: HttpKind = { format: payloadV2, reply: 'http-response' };
const OTHER: OtherKind = { format: otherEvent, reply: 'event-result' };

/** @throws TypeError for an event that is not HTTP, unless the settings have an `eventPath` */
export function detect(event: unknown, settings: Settings): EventKind {
  const kind = typeof event === 'object' && event !== null ? detectHttp(event) : undefined;
  if (kind !== undefined) {
    return kind;
  }
  if (settings.eventPath === undefined) {
    throw notAnHttpEvent(event);
  }
  return OTHER;
}

/** An event without a method is not an HTTP request. */
function detectHttp(event: LambdaEvent): HttpKind | undefined {
  const context = event.requestContext;
  if (typeof context === 'object' && context !== null) {
    // Version 2.0 alone is not enough, since events of Lattice may have it too. Nor is a `rawPath`, which events of a REST API behind a
    // custom domain may have.
    if (context.http && event.version === '2.0') {
      return isMethod(context.http.method) ? PAYLOAD_V2 : undefined;
    }
    if (context.elb !== undefined && context.elb !== null) {
      return isMethod(event.httpMethod) ? ALB : undefined;
    }
    if (context.serviceArn) {
      return isMethod(event.method) ? LATTICE : undefined;
    }
  }
  if (typeof event.raw_path === 'string' && isMethod(event.method)) {
    return LATTICE;
  }
  return isMethod(event.httpMethod) ? PAYLOAD_V1 : undefined;
}

function isMethod(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** The error lists the keys of the event but no values, which may be secret. */
function notAnHttpEvent(event: unknown): Error {
  const found = typeof event !== 'object' || event === null
    ? `got ${event === null ? 'null' : typeof event}`
    : `got an object with the keys ${Object.keys(event).join(', ') || '(none)'}`;
  return new TypeError(
    `the event must be an HTTP event of a Function URL, an HTTP API, a REST API, an ALB or VPC Lattice, ${found}; ` +
    'invoke the function through its front door, or set eventPath to have the app handle other events',
  );
}
