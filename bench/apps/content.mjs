// The responses of every app, made once: the apps differ only in their framework.

export const SMALL = { hello: 'world', ok: true, items: [1, 2, 3], user: { id: 7, name: 'Ada' } };

/** About 100 KB of JSON. */
export const LARGE = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: `user-${id}`,
  email: `user-${id}@example.com`,
  tags: ['a', 'b', 'c'],
  active: id % 2 === 0,
}));

/** Bytes that are not text, like an image. */
export function imageOf(bytes) {
  const image = Buffer.alloc(bytes);
  for (let i = 0, state = 1; i < bytes; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    image[i] = state >> 16;
  }
  return image;
}

/** An ALB accepts 1 MB of JSON, and base64 makes an image a third larger. */
export const IMAGES = { '/image': imageOf(1024 * 1024), '/image-alb': imageOf(700 * 1024) };

/** The response headers of the scenario with 40 headers and 5 cookies. */
export const MANY_HEADERS = Array.from({ length: 40 }, (_, i) => [`x-answer-${i}`, `value ${i}`]);
export const COOKIES = Array.from({ length: 5 }, (_, i) => `cookie${i}=value${i}; Path=/; HttpOnly; Expires=Wed, 01 Jan 2031 00:00:00 GMT`);

/** A summary of the request headers that the app saw, which shows whether an adapter lost some. */
export function seen(headers) {
  let count = 0;
  for (const name in headers) {
    if (name.startsWith('x-ask-')) {
      count++;
    }
  }
  return { count, cookie: headers.cookie };
}

export const STREAM_CHUNK = Buffer.alloc(64 * 1024, 'stream ');
export const STREAM_CHUNKS = 160;

/** The whole body of a Node request. */
export function readBody(req) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

/** 10 MB, as fast as the reader accepts them. */
export function sendStream(res) {
  res.writeHead(200, { 'content-type': 'application/octet-stream' });
  let left = STREAM_CHUNKS;
  const more = () => {
    while (left-- > 0) {
      if (!res.write(STREAM_CHUNK)) {
        res.once('drain', more);
        return;
      }
    }
    res.end();
  };
  more();
}
