import { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Case, casesOf, eventOf, headersOf, removeAt } from './cases';
import { throughCdn } from './through-cdn';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../lambda-runtime/node/lambda-handler';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

type FetchApp = { fetch(request: Request): unknown };

async function invoke(test: Case, app: FetchApp | ((req: IncomingMessage, res: ServerResponse) => void)): Promise<any> {
  const settings = { ...test.options, doors: test.doors, cdnSecrets: test.cdnSecrets, responseStreaming: false };
  const handler = handlerFor(async () => (await toWebApp(app))!, settings, false);
  return handler(eventOf(test.event));
}

const REQUESTS = casesOf('requests');

describe.each([
  ['the request that the app gets', REQUESTS],
  ['the request that the app gets through a CDN', REQUESTS.flatMap((each) => throughCdn(each) ?? [])],
])('%s', (_title, cases) => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    let seen: any;
    const answer = invoke(each, async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) {
        chunks.push(chunk);
      }
      seen = { req, socket: { ...addressOf(req) }, body: Buffer.concat(chunks).toString('base64') };
      res.end();
    });
    if (each.expected.error !== undefined) {
      await expect(answer).rejects.toThrow(each.expected.error);
      return;
    }
    if (each.expected.refused !== undefined) {
      checkRefusal(each.expected.refused, await answer, seen);
      return;
    }
    await answer;
    compareRequest(each.expected, seen);
  });
});

describe('the request that a fetch app gets', () => {
  const tested = casesOf('requests').filter(({ expected }) => expected.error === undefined);
  test.each(tested.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    let seen: URL | undefined;
    const result = await invoke(each, {
      fetch: (request) => {
        seen = new URL(request.url);
        return new Response();
      },
    });
    if (each.expected.refused !== undefined) {
      checkRefusal(each.expected.refused, result, seen);
      return;
    }
    const { host, scheme } = each.expected;
    // A URL has its host in small letters.
    expect([seen!.host, seen!.protocol]).toEqual([host?.toLowerCase() ?? seen!.host, scheme ? `${scheme}:` : seen!.protocol]);
  });
});

/** The app is not called, and the log has one entry. */
function checkRefusal(status: number, result: any, seen: unknown): void {
  expect({ status: result.statusCode, seen }).toEqual({ status, seen: undefined });
  expect(logged()).toEqual([[expect.stringMatching(new RegExp(`^[^\\r\\n]*; the client gets ${status}$`))]]);
}

function logged(): unknown[][] {
  return [...(console.error as jest.Mock).mock.calls, ...(console.warn as jest.Mock).mock.calls];
}

function addressOf(req: IncomingMessage) {
  return { clientAddress: req.socket.remoteAddress, scheme: (req.socket as any).encrypted ? 'https' : 'http' };
}

function compareRequest(expected: any, { req, socket, body }: { req: IncomingMessage; socket: any; body: string }): void {
  const [path, query] = splitOnce(req.url!, '?');
  const actual: any = {
    method: req.method,
    path,
    query,
    body,
    ...socket,
    host: req.headers.host,
    mountPrefix: req.headers['x-forwarded-prefix'] ?? '',
  };
  for (const field of Object.keys(actual)) {
    if (field in expected) {
      expect([field, actual[field]]).toEqual([field, expected[field]]);
    }
  }
  const distinct = new Map(Object.entries(req.headersDistinct).map(([name, values]) => [name, values!]));
  if (expected.headers) {
    const pairs = expected.headers as [string, string][];
    const names = [...new Set(pairs.map(([name]) => name))];
    expect([...distinct.keys()].filter((name) => name !== 'x-forwarded-prefix').sort()).toEqual(names.sort());
    for (const name of names) {
      expect([name, distinct.get(name)]).toEqual([name, pairs.filter(([other]) => other === name).map(([, value]) => value)]);
    }
  }
  const included = (expected.headersInclude ?? []) as [string, string][];
  for (const [name] of included) {
    expect([name, distinct.get(name)]).toEqual([name, included.filter(([other]) => other === name).map(([, value]) => value)]);
  }
  for (const name of expected.headersAbsent ?? []) {
    if (name === 'x-forwarded-prefix') {
      // The value of the client must be removed. The runtime may set its own.
      expect(req.headers[name]).not.toBe('/evil');
      continue;
    }
    expect([name, distinct.get(name)]).toEqual([name, undefined]);
  }
}

describe('the result that the door gets', () => {
  test.each(casesOf('responses').filter(({ compare }) => compare !== 'stream').map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const result = await invoke(each, (_req, res) => {
      const { status, reason, body, bodyRepeat } = each.app;
      for (const [name, value] of headersOf(each.app)) {
        res.appendHeader(name, value);
      }
      res.writeHead(status, reason);
      res.end(bodyRepeat ? Buffer.alloc(bodyRepeat[1], bodyRepeat[0], 'latin1') : Buffer.from(body ?? '', 'base64'));
    });
    if (each.compare === 'status') {
      expect(result.statusCode).toBe(each.expected.statusCode);
      expect(result.body).toContain(each.expected.bodyIncludes ?? '');
      return;
    }
    each.ignore?.forEach((path) => removeAt(result, path));
    expect(result).toEqual(each.expected);
  });
});

describe('the stream that the door gets', () => {
  const STREAMED = casesOf('responses').filter(({ compare }) => compare === 'stream');
  const KINDS = {
    'a listener': ({ status, headers, chunks }: Case['app']) => async (_req: IncomingMessage, res: ServerResponse) => {
      res.writeHead(status, headers.flat());
      for (const chunk of chunks!) {
        // A chunk of no bytes would send the head.
        if (chunk !== '') {
          await new Promise<void>((resolve) => res.write(Buffer.from(chunk, 'base64'), () => resolve()));
        }
      }
      res.end();
    },
    'a fetch app': ({ status, headers, chunks }: Case['app']) => ({
      fetch: () => new Response(Readable.toWeb(Readable.from(chunks!.map((chunk) => Buffer.from(chunk, 'base64')))) as ReadableStream, { status, headers }),
    }),
  };

  afterEach(() => {
    delete (globalThis as any).awslambda;
  });

  test.each(STREAMED.flatMap((each) => Object.entries(KINDS).map(([kind, app]) => [each.name, kind, each, app] as const)))('%s, from %s', async (_, __, each, app) => {
    let prelude: any;
    const sent: Buffer[] = [];
    const stream = {
      write(chunk: string | Uint8Array, _encoding?: unknown, callback?: () => void) {
        sent.push(Buffer.from(chunk as string));
        callback && setImmediate(callback);
        return true;
      },
      end: () => undefined,
      on: () => undefined,
    };
    (globalThis as any).awslambda = {
      streamifyResponse: (handler: Function) => (event: unknown) => handler(event, stream),
      HttpResponseStream: {
        from(given: unknown, head: unknown) {
          prelude = head;
          return given;
        },
      },
    };
    const handler = handlerFor(async () => (await toWebApp(app(each.app)))!, { ...each.options, doors: each.doors, responseStreaming: true }, false);
    await handler(eventOf(each.event));
    expect({ prelude, body: Buffer.concat(sent).toString('base64') }).toEqual(each.expected);
  });
});

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
