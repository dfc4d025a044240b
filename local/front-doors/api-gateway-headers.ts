import { HeaderList, UnreadableResult } from './front-door';

/**
 * The most bytes of headers that an HTTP API or a REST API accepts, in a request and in a response.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export const MAX_HEADER_BYTES = 10_240;

/**
 * Checks the size of a function's headers, names and values together.
 *
 * @throws UnreadableResult when they are larger than API Gateway allows
 */
export function checkHeaderSize(headers: HeaderList): void {
  const bytes = headers.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > MAX_HEADER_BYTES) {
    throw new UnreadableResult(`the function's headers have ${bytes} bytes and API Gateway allows ${MAX_HEADER_BYTES}; send fewer or shorter cookies and headers`);
  }
}
