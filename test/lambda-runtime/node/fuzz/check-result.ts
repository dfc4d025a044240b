import {
  decodeBase64, readBodyText, readCookies, readHeaders, readIsBase64Encoded, readMultiValueHeaders, readStatusCode,
} from '../../../../local/front-doors/function-result';

/** Fields that a door knows. A REST API answers 502 to any other. */
const FIELDS = ['statusCode', 'statusDescription', 'headers', 'multiValueHeaders', 'cookies', 'body', 'isBase64Encoded'];

/**
 * Why a door would refuse a result, read as strictly as the local doors do. Results of events that are not HTTP may be anything.
 *
 * @returns undefined if it takes it
 */
export function refusalOfResult(result: any): string | undefined {
  if (result === null || typeof result !== 'object' || result.statusCode === undefined) {
    return undefined;
  }
  try {
    readStatusCode(result.statusCode, { digitsAllowed: false });
    readHeaders(result.headers, { booleansAllowed: false });
    readMultiValueHeaders(result.multiValueHeaders);
    readCookies(result.cookies);
    const text = readBodyText(result.body);
    if (readIsBase64Encoded(result.isBase64Encoded)) {
      decodeBase64(text);
    }
  } catch (error) {
    return (error as Error).message;
  }
  if (!result.body.isWellFormed()) {
    return 'a body that is no text';
  }
  if (result.statusDescription !== undefined && !/^\d{3} [\t\x20-\x7e\x80-\uffff]+$/.test(result.statusDescription)) {
    return `the status description ${JSON.stringify(result.statusDescription)}`;
  }
  if (/\n {4}at .*:\d+|Traceback \(most recent call last\)/.test(result.body)) {
    return `a stack trace for the client: ${result.body.slice(0, 200)}`;
  }
  const unknown = Object.keys(result).filter((name) => !FIELDS.includes(name));
  return unknown.length > 0 ? `unknown fields: ${unknown.join(', ')}` : undefined;
}
