import { WebRequest } from '../http/web-request';
import { ResponseHead } from '../http/web-response';
import { Settings } from '../settings/settings';

/** Any JSON object: Lambda does not validate events. */
export type LambdaEvent = Record<string, any>;

/** Converts an event into a request. */
export interface EventFormat {
  parse(event: LambdaEvent, settings: Settings): WebRequest;
}

/** The event format of a front door, and the format of the result that it expects. */
export interface HttpEventFormat extends EventFormat {
  /** Whether the door computes `content-length` itself, and renames or overwrites the one in the result. */
  readonly setsContentLength: boolean;
  /** Makes the result without its body. A streamed response starts with the same object. */
  renderHead(response: ResponseHead, event: LambdaEvent): Result;
}

/** What a function returns to a front door. */
export interface Result {
  statusCode: number;
  body?: string;
  isBase64Encoded?: boolean;
}
