import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
import { Settings } from '../settings/settings';

/** Any JSON object: Lambda checks nothing about an event. */
export type LambdaEvent = Record<string, any>;

/** How an event becomes a request. */
export interface EventFormat {
  parse(event: LambdaEvent, settings: Settings): WebRequest;
}

/** How a front door writes an HTTP request into an event, and which result it takes as the response. */
export interface HttpEventFormat extends EventFormat {
  /** Whether the door computes `content-length` itself, and renames or overwrites one that it is given. */
  readonly setsContentLength: boolean;
  /** A result without its body. It is also what a streamed response starts with. */
  renderHead(response: ResponseHead, event: LambdaEvent): Result;
}

/** What a function returns to a front door. */
export interface Result {
  statusCode: number;
  body?: string;
  isBase64Encoded?: boolean;
}
