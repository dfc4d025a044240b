import { EncodedBody } from './encode-body';
import { EventSource } from '../http/web-request';

/** Lambda takes this many bytes of JSON: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_LIMIT = 6_291_556;
/** An ALB takes 1 MB of JSON: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const ALB_LIMIT = 1_048_576;
/** API Gateway takes this many bytes of headers: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const API_GATEWAY_HEADER_LIMIT = 10_240;

/** The most bytes of JSON that one character of text can take: a control character becomes `\u001f`. */
const LONGEST_ESCAPE = 6;

/** Says by how much the headers of a response are too large for the front door, or returns undefined. */
export function overHeaderLimit(headerBytes: number, source: EventSource): string | undefined {
  if (headerBytes <= API_GATEWAY_HEADER_LIMIT || (source !== 'rest-api' && source !== 'http-api')) {
    return undefined;
  }
  return `the response has ${headerBytes} bytes of headers, and API Gateway takes ${API_GATEWAY_HEADER_LIMIT}; send fewer or shorter cookies and headers`;
}

/** Says by how much a whole result is too large, or returns undefined. */
export function overResultLimit(result: object, body: EncodedBody, headerBytes: number, source: EventSource): string | undefined {
  const limit = source === 'alb' ? ALB_LIMIT : LAMBDA_LIMIT;
  const atMost = body.isBase64 ? body.text.length : body.length * LONGEST_ESCAPE;
  if (atMost + headerBytes * LONGEST_ESCAPE < limit - 1024) {
    return undefined;
  }
  const size = Buffer.byteLength(JSON.stringify(result));
  return size <= limit ? undefined : `the response is ${size} bytes of JSON, and ${source === 'alb' ? 'an ALB' : 'Lambda'} takes ${limit}; `
    + 'compress it, split it, hand out a presigned S3 URL, or stream it through a Function URL or a REST API';
}
