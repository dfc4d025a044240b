import * as http from 'node:http';
import { Writable } from 'node:stream';

/**
 * A handler's response as a stream: each write is sent to the Runtime API immediately, in a chunked POST.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
 */
export class ResponseStream extends Writable {
  private contentType = 'application/octet-stream';
  private request?: http.ClientRequest;
  private answered?: Promise<void>;

  constructor(private readonly url: string, private readonly agent: http.Agent) {
    super();
  }

  setContentType(contentType: string): void {
    this.contentType = contentType;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.open().write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.open().end();
    this.answered!.then(() => callback(), callback);
  }

  /** Ends the response with an error in its trailers. */
  async fail(errorType: string, error: string): Promise<void> {
    if (!this.request) return;
    this.request.addTrailers({
      'Lambda-Runtime-Function-Error-Type': errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(error).toString('base64'),
    });
    this.request.end();
    await this.answered;
  }

  get begun(): boolean {
    return this.request !== undefined;
  }

  private open(): http.ClientRequest {
    if (this.request) return this.request;
    const request = http.request(this.url, {
      method: 'POST',
      agent: this.agent,
      headers: {
        'content-type': this.contentType,
        'lambda-runtime-function-response-mode': 'streaming',
        'transfer-encoding': 'chunked',
        'trailer': 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
      },
    });
    this.answered = new Promise((resolve, reject) => {
      request.on('response', (response) => response.resume().on('end', resolve));
      request.on('error', reject);
    });
    this.answered.catch(() => undefined);
    this.request = request;
    return request;
  }
}

/** Puts the status and headers before the stream's first bytes, as `awslambda.HttpResponseStream.from` does. */
export function withHttpPrelude(stream: ResponseStream, prelude: object): ResponseStream {
  stream.setContentType('application/vnd.awslambda.http-integration-response');
  const write = stream._write.bind(stream);
  stream._write = (chunk: Buffer, encoding, callback) => {
    stream._write = write;
    write(Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8), chunk]), encoding, callback);
  };
  return stream;
}
