import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { eventFor } from './behaviours/doors';
import { Bundle, bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { NodeAppOptions } from '../../../src';
import { installedNodes } from '../../toolchain';

const APP = join(__dirname, 'stack-traces/app.ts');
const THREAD = join(__dirname, 'stack-traces/thread.ts');

/** Bundles of the same app. */
const KINDS: Record<string, NodeAppOptions> = {
  'a CommonJS bundle': {},
  'an ES module': { format: 'esm' },
  'a minified bundle': { minify: true },
  'a bundle with its map inside': { esbuildArgs: { '--sourcemap': 'inline' } },
};

const bundles = new Map(Object.entries(KINDS).map(([kind, options]) => [kind, bundleWith(options)]));

function bundleWith(options: NodeAppOptions): Bundle {
  const { directory, handler } = bundlesOf([APP], options).get(APP)!;
  buildSync({ entryPoints: [THREAD], outfile: join(directory, 'thread.cjs'), platform: 'node', sourcemap: true, logLevel: 'error' });
  return { directory, handler };
}

/** The file of a CommonJS bundle. */
function fileOf({ directory, handler }: Bundle): string {
  return join(directory, handler.replace(/\.handler$/, '.cjs'));
}

/** `app.ts:12:24` for the place of a text in the sources. */
function at(text: string, file = APP): string {
  const before = readFileSync(file, 'utf8').split(text)[0].split('\n');
  return `${file.split('/').at(-1)}:${before.length}:${before.at(-1)!.length + 1}`;
}

const THROWN = at('new RangeError');
const CALLED = at('sell(\'tea\')');

describe.each(installedNodes())('on AWS\'s runtime client, Node $version', ({ binary }) => {
  describe.each([...bundles.keys()])('the stack traces of %s name the sources', (kind) => {
    let environment: Environment;
    beforeAll(async () => {
      environment = await Environment.of(binary, bundles.get(kind)!);
    });
    afterAll(() => environment.close());

    const answer = async (target: string): Promise<string> => (await environment.invoke(eventFor('function-url', { target }))).json.body;
    const logged = async (target: string): Promise<string> => {
      const before = environment.log.length;
      await environment.invoke(eventFor('function-url', { target }));
      return (await environment.settledLog()).slice(before).join('\n');
    };

    test('of an error that is caught', async () => {
      const [head, first, second] = (await answer('/caught')).split('\n');
      expect(head).toBe('RangeError: cannot sell tea');
      expect(first).toContain(`${THROWN})`);
      expect(second).toContain(CALLED);
    });

    test('with the names of functions', async () => {
      const [, , second] = (await answer('/caught')).split('\n');
      expect(second).toMatch(/at sell \(/);
    });

    test.each(['/logged', '/thrown', '/rejected', '/forgotten', '/timer'])('of an error in the log, and its cause: %s', async (target) => {
      const log = await logged(target);
      expect(log).toContain(THROWN);
      expect(log).toContain(at('new Error(\'sold out\')'));
      expect(log).not.toMatch(/app\.[cm]js:/);
    });

    test('of an error in a thread', async () => {
      expect(await answer('/worker')).toContain(at('new Error(text)', THREAD));
    });

    test('of an error of Node, which keeps its code', async () => {
      const stack = await answer('/of-node');
      expect(stack).toMatch(/^(TypeError \[ERR_\w+\]|Error: E\w+): /);
      expect(stack).toContain(at('readFileSync(3.5)'));
    });

    test('and lines of a message that look like a stack stay as they are', async () => {
      expect((await answer('/lines')).split('\n').slice(0, 3)).toEqual(['Error: the text', '    at /var/task/app.js:1:1', '    at nothing (/dev/zero:1:1)']);
    });

    test('through a hook of the app that calls the one before', async () => {
      const stack = await answer('/hook-that-calls');
      expect(stack).toMatch(/^mine: RangeError/);
      expect(stack).toContain(THROWN);
    });

    test('in the log with a hook of the app that does not', async () => {
      const log = await logged('/hook-of-its-own');
      expect(log).toContain('mine: hooked');
      expect(log).toContain(at('new Error(\'hooked\')'));
    });

    test('and packages that look for their caller get the file that there is', async () => {
      expect(await answer('/call-sites')).toMatch(/app\.[cm]js$/);
    });
  });

  test('with --enable-source-maps of the user, they do so too', async () => {
    const environment = await Environment.of(binary, bundles.get('a CommonJS bundle')!, { NODE_OPTIONS: '--enable-source-maps' });
    const { json } = await environment.invoke(eventFor('function-url', { target: '/caught' }));
    environment.close();
    expect(json.body).toContain(`${THROWN})`);
    expect(json.body).toContain(CALLED);
  });

  test.each([
    ['is missing', (file: string) => rmSync(`${file}.map`)],
    ['is no JSON', (file: string) => writeFileSync(`${file}.map`, '{"version":3,')],
    ['is no source map', (file: string) => writeFileSync(`${file}.map`, '{"version":3,"mappings":7}')],
  ])('a bundle whose source map %s has the stack traces of the bundle', async (_, damage) => {
    const { directory: original, handler } = bundles.get('a CommonJS bundle')!;
    const directory = mkdtempSync(join(tmpdir(), 'wrapped-web-app-'));
    cpSync(original, directory, { recursive: true });
    damage(fileOf({ directory, handler }));
    const environment = await Environment.of(binary, { directory, handler });
    const { json } = await environment.invoke(eventFor('function-url', { target: '/caught' }));
    environment.close();
    expect(json.body).toMatch(/^RangeError: cannot sell tea\n.*app\.cjs:\d+:\d+\)/);
  });

  test.each([
    ['EROFS', /^\[wrapped-web-app\] on Lambda only \/tmp can be written to/],
    ['ENOENT', /^\[wrapped-web-app\] the file is not in the bundle; .*nodeModules/],
  ])('an error while the app is loaded says what to do: %s', async (code, advice) => {
    for (const kind of ['a CommonJS bundle', 'an ES module']) {
      const environment = await Environment.of(binary, bundles.get(kind)!, { FAILS_WITH: code });
      while (environment.ends === 0) {
        await setTimeout(20);
      }
      environment.close();
      const { trace, errorMessage } = environment.initErrors[0];
      expect(errorMessage).toContain(code);
      expect(trace).toContainEqual(expect.stringMatching(advice));
      expect(trace.join('\n')).toMatch(/app\.ts:\d+:\d+/);
    }
  });
});
