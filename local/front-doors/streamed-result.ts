import { Readable } from 'node:stream';
import { HeaderList, UnreadableResult } from './front-door';
import { isResultObject, parseResult, readCookies, readHeaders, readMultiValueHeaders, readStatusCode } from './function-result';

/** The metadata that precedes the body of a streamed HTTP response. */
export interface StreamPrelude {
  readonly status: number;
  readonly headers: HeaderList;
  readonly cookies: readonly string[];
}

/** The content type of a stream that starts with a prelude. */
export const HTTP_INTEGRATION_RESPONSE = 'application/vnd.awslambda.http-integration-response';

const DELIMITER = Buffer.alloc(8);
const MAX_PRELUDE_BYTES = 128 * 1024;

/**
 * Reads the prelude from a stream: JSON and eight NUL bytes. The body stays in the stream.
 *
 * @throws UnreadableResult when the stream ends before the prelude does, or the prelude is malformed
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function takePrelude(body: Readable): Promise<StreamPrelude> {
  let read = Buffer.alloc(0);
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf(DELIMITER);
    if (end >= 0) {
      const rest = read.subarray(end + DELIMITER.length);
      if (rest.length > 0) body.unshift(rest);
      return parsePrelude(read.subarray(0, end));
    }
    if (read.length > MAX_PRELUDE_BYTES) {
      throw new UnreadableResult(`the stream has no prelude: no 8 NUL bytes within its first ${MAX_PRELUDE_BYTES} bytes`);
    }
  }
  throw new UnreadableResult('the stream ended before the 8 NUL bytes that end its prelude');
}

function parsePrelude(json: Buffer): StreamPrelude {
  const prelude = parseResult(json);
  if (!isResultObject(prelude)) {
    throw new UnreadableResult(`the stream's prelude must be an object, got ${json.subarray(0, 80).toString('utf8')}`);
  }
  return {
    status: prelude.statusCode === undefined ? 200 : readStatusCode(prelude.statusCode, { digitsAllowed: true }),
    headers: [...readHeaders(prelude.headers, { booleansAllowed: false }), ...readMultiValueHeaders(prelude.multiValueHeaders)],
    cookies: readCookies(prelude.cookies),
  };
}
