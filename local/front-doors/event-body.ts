import { DoorRequest } from './front-door';
import { headerOf } from './request-parts';

/** The content types that are sent as text by doors without a setting for it. */
const TEXT_TYPES = /^(text\/.*|application\/(json|javascript|xml)|application\/.*\+(json|xml))$/;

export interface EventBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Encodes a request body as a load balancer does: text for text types without a content encoding, base64 otherwise.
 * HTTP APIs and Function URLs do the same, which AWS does not document. An HTML form is sent in base64.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer
 */
export function encodeBodyByType(request: DoorRequest): EventBody {
  const type = (headerOf(request, 'content-type') ?? '').split(';')[0].trim().toLowerCase();
  const isText = TEXT_TYPES.test(type) && headerOf(request, 'content-encoding') === undefined;
  return isText
    ? { body: request.body.toString('utf8'), isBase64Encoded: false }
    : { body: request.body.toString('base64'), isBase64Encoded: true };
}
