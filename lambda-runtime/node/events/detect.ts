import { alb } from './alb';
import { EventFormat, LambdaEvent } from './event-format';
import { lattice } from './lattice';
import { payloadV1 } from './payload-v1';
import { payloadV2 } from './payload-v2';

/** The format of an event, or undefined where it is none of HTTP. */
export function formatOf(event: LambdaEvent): EventFormat | undefined {
  const context = event.requestContext;
  if (typeof context === 'object' && context !== null) {
    if (context.elb) {
      return alb;
    }
    // Lattice calls its second version 2.0 too, so it comes before API Gateway's.
    if (context.serviceArn) {
      return lattice;
    }
    // Not `rawPath` alone: a REST API behind a custom domain can carry one.
    if (context.http && event.version === '2.0') {
      return payloadV2;
    }
  }
  if (typeof event.raw_path === 'string' && typeof event.method === 'string') {
    return lattice;
  }
  return typeof event.httpMethod === 'string' ? payloadV1 : undefined;
}

/** An error for what is no HTTP event, naming what it has; values stay out of it, they may be secret. */
export function notAnHttpEvent(event: unknown): Error {
  const found = typeof event !== 'object' || event === null
    ? `got ${event === null ? 'null' : typeof event}`
    : `got an object with the keys ${Object.keys(event).join(', ') || '(none)'}`;
  return new TypeError(
    `the event must be an HTTP event of a Function URL, an HTTP API, a REST API, an ALB or VPC Lattice, ${found}; ` +
    'invoke the function through its front door, or send it an event of one',
  );
}
