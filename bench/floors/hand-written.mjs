import { COOKIES, IMAGES, LARGE, MANY_HEADERS, SMALL, seen } from '../apps/content.mjs';

/** A handler written by hand for one door, without framework and HTTP messages. */
export async function handler(event) {
  const v2 = event.version === '2.0';
  const path = v2 ? event.rawPath : event.path;
  switch (path) {
    case '/json':
      return json(event, SMALL);
    case '/large':
      return json(event, LARGE);
    case '/echo':
      return json(event, JSON.parse(event.body));
    case '/upload':
      return json(event, { bytes: Buffer.from(event.body, 'base64').length });
    case '/headers': {
      const headers = {};
      for (const name in v2 ? event.headers : event.multiValueHeaders) {
        headers[name] = v2 ? event.headers[name] : event.multiValueHeaders[name].join(', ');
      }
      if (v2) {
        headers.cookie = event.cookies.join('; ');
      }
      return json(event, seen(headers), true);
    }
    default:
      return answer(event, 'image/png', IMAGES[path].toString('base64'), true);
  }
}

function json(event, value, manyHeaders = false) {
  return answer(event, 'application/json', JSON.stringify(value), false, manyHeaders);
}

function answer(event, type, body, isBase64Encoded, manyHeaders = false) {
  if (event.version === '2.0') {
    const result = { statusCode: 200, headers: { 'content-type': type }, body, isBase64Encoded };
    if (manyHeaders) {
      for (const [name, value] of MANY_HEADERS) {
        result.headers[name] = value;
      }
      result.cookies = COOKIES;
    }
    return result;
  }
  const multiValueHeaders = { 'content-type': [type] };
  if (manyHeaders) {
    for (const [name, value] of MANY_HEADERS) {
      multiValueHeaders[name] = [value];
    }
    multiValueHeaders['set-cookie'] = COOKIES;
  }
  return event.requestContext.elb
    ? { statusCode: 200, statusDescription: '200 OK', multiValueHeaders, body, isBase64Encoded }
    : { statusCode: 200, multiValueHeaders, body, isBase64Encoded };
}
