import { EncodedBody } from './encode-body';
import { EventSource } from '../http/web-request';

/** Lambda accepts this many bytes of JSON: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_LIMIT = 6_291_556;
/** An ALB accepts 1 MB of JSON: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const ALB_LIMIT = 1_048_576;
/** A streamed response has at most this many bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const STREAM_LIMIT = 209_715_200;
/** API Gateway accepts this many bytes of headers: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const API_GATEWAY_HEADER_LIMIT = 10_240;

/** The maximum number of bytes in JSON for one UTF-16 unit: a control character becomes `\u001f`. */
const LONGEST_ESCAPE = 6;

/** @returns an error message if no front door sends such a status */
export function unsendableStatus(status: number): string | undefined {
  return status >= 200 && status <= 599 ? undefined : `the status ${status} cannot be sent: front doors take 200 to 599`;
}

/** @returns an error message if the headers are too large for the front door */
export function overHeaderLimit(headerBytes: number, source: EventSource): string | undefined {
  if (headerBytes <= API_GATEWAY_HEADER_LIMIT || (source !== 'rest-api' && source !== 'http-api')) {
    return undefined;
  }
  return `the response has ${headerBytes} bytes of headers, and API Gateway takes ${API_GATEWAY_HEADER_LIMIT}; send fewer or shorter cookies and headers`;
}

/** The bytes of JSON that the door accepts as a result. A body with more bytes does not fit in any encoding. */
export function resultLimit(source: EventSource): number {
  return source === 'alb' ? ALB_LIMIT : LAMBDA_LIMIT;
}

/** The error message for a body that was given up because it is larger than the whole result may be. */
export function overBodyLimit(source: EventSource): string {
  return tooLarge('more than', resultLimit(source), source);
}

/** @returns an error message if the whole result is too large */
export function overResultLimit(result: object, body: EncodedBody, headerBytes: number, source: EventSource): string | undefined {
  const limit = resultLimit(source);
  const atMost = body.isBase64 ? body.text.length : body.text.length * LONGEST_ESCAPE;
  if (atMost + headerBytes * LONGEST_ESCAPE < limit - 1024) {
    return undefined;
  }
  const size = Buffer.byteLength(JSON.stringify(result));
  return size <= limit ? undefined : tooLarge('', size, source);
}

function tooLarge(least: string, size: number, source: EventSource): string {
  return `the response is ${least}${least && ' '}${size} bytes of JSON, and ${source === 'alb' ? 'an ALB' : 'Lambda'} takes ${resultLimit(source)}; `
    + 'compress it, split it, return a presigned S3 URL, or stream it through a Function URL or a REST API';
}
