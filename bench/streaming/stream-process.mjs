// Runs one contender that streams 10 MB through Lambda's response streaming, in a separate process. This file simulates
// Lambda: the stream records when the first byte of the body arrives, and accepts bytes at the speed of memory.
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';

const [file, text] = process.argv.slice(2);

class PlatformStream extends Writable {
  first;
  bytes = 0;

  setContentType() {}

  _write(chunk, encoding, callback) {
    if (chunk.length > 0 && this.started) {
      this.first ??= performance.now();
      this.bytes += chunk.length;
    }
    setImmediate(callback);
  }
}

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { streaming: true }),
  HttpResponseStream: {
    from(stream, prelude) {
      stream.prelude = prelude;
      stream.started = true;
      return stream;
    },
  },
};

const handler = await createRequire(import.meta.url)(file).handler;

process.on('message', async () => {
  const stream = new PlatformStream({ highWaterMark: 64 * 1024 });
  const event = JSON.parse(text);
  const finished = new Promise((resolve) => stream.once('finish', resolve));
  const start = performance.now();
  await handler(event, stream, { awsRequestId: 'stream', getRemainingTimeInMillis: () => 29_000 });
  await finished;
  const total = performance.now() - start;
  process.send({ first: stream.first - start, total, bytes: stream.bytes, status: stream.prelude?.statusCode });
});
process.send({ ready: true });
