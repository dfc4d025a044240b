/** As `ReadableStreamDefaultReader`. */
export interface BodyReader {
  read(): Promise<{ readonly done?: boolean; readonly value?: unknown }>;
  cancel(): Promise<void>;
}

/** Chunk by chunk: `arrayBuffer()` copies the bytes twice. Polyfills may have a Node stream, or none. */
export function readerOf(response: Response): BodyReader {
  const { body } = response;
  if (body === undefined) {
    return new IterableReader(wholeBodyOf(response));
  }
  return typeof body!.getReader === 'function' ? body!.getReader() : new IterableReader(body as unknown as AsyncIterable<unknown>);
}

async function* wholeBodyOf(response: Response): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(await response.arrayBuffer());
}

/** Reads an async iterable through the interface of a stream reader. */
class IterableReader implements BodyReader {
  private readonly iterator: AsyncIterator<unknown>;

  constructor(body: AsyncIterable<unknown>) {
    this.iterator = body[Symbol.asyncIterator]();
  }

  public read() {
    return this.iterator.next();
  }

  public async cancel() {
    await this.iterator.return?.();
  }
}
