/**
 * Popular packages of npm, each in a bundle of its own: what they export on plain Node they must export from the bundle, on each Node that
 * Lambda has, or the synthesis has said what to do.
 *
 * @slow installs some hundred packages from npm
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { installPackages } from '../installed-packages';
import { Bundle, bundlesOf } from '../lambda-runtime/node/bundles';
import { INSTALLATION_TIME, installedNodes } from '../toolchain';

const FOLDER = path.join(__dirname, '../../.cache/packages');
const PACKAGES = path.join(__dirname, 'npm');
const { dependencies } = JSON.parse(readFileSync(path.join(PACKAGES, 'package.json'), 'utf8'));
const RUNTIMES: Readonly<Record<string, lambda.Runtime>> = { 22: lambda.Runtime.NODEJS_22_X, 24: lambda.Runtime.NODEJS_24_X };
const NODES = installedNodes().filter(({ version }) => version in RUNTIMES);

/** What is another way in a bundle, and why it is left so. */
const KNOWN: Readonly<Record<string, string>> = {
  yargs: 'it has an export with the name `module.exports`, which Node gives to `require`, and esbuild does not',
};

/** The two ways to load a package, as the text of an app. */
const APPS: Readonly<Record<string, (name: string) => string>> = {
  mjs: (name) => `import * as loaded from ${JSON.stringify(name)};
import { shapeOf } from './shape.mjs';
export default (_request, response) => response.end(JSON.stringify(shapeOf(loaded)));
`,
  cjs: (name) => `const loaded = require(${JSON.stringify(name)});
const { shapeOf } = require('./shape.mjs');
module.exports = (_request, response) => response.end(JSON.stringify(shapeOf({ default: loaded })));
`,
};

beforeAll(() => {
  installPackages(PACKAGES, FOLDER, '--legacy-peer-deps', '--ignore-scripts');
  cpSync(path.join(__dirname, 'shape.mjs'), path.join(FOLDER, 'shape.mjs'));
}, INSTALLATION_TIME);

/** What a process printed as its answer, or the last line of its error. */
function answerOf(node: string, args: readonly string[]): unknown {
  const { stdout, stderr } = spawnSync(node, [path.join(__dirname, 'run.mjs'), ...args], {
    cwd: FOLDER, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH, AWS_LAMBDA_FUNCTION_NAME: 'packages' },
  });
  const [, answer] = /<<<([^]*)>>>/.exec(stdout) ?? [];
  return answer === undefined ? { failed: /^\w*Error.*$/m.exec(stderr)?.[0] ?? stderr.slice(-300) } : JSON.parse(answer);
}

/** The bundle, and what the synthesis wrote about it; an error counts as that. */
function bundleWithWords(entry: string, runtime: lambda.Runtime): { bundle?: Bundle; words: string } {
  let words = '';
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    words += String(text);
    return true;
  });
  try {
    return { bundle: bundlesOf([entry], {}, runtime).get(entry)!, words };
  } catch (error) {
    return { words: `${words}${(error as Error).message}` };
  } finally {
    stderr.mockRestore();
  }
}

function handlerOf({ directory, handler }: Bundle): string[] {
  const [, file, name] = /^(.*)\.([^.]+)$/.exec(handler)!;
  return [path.join(directory, readdirSync(directory).find((each) => each === `${file}.mjs` || each === `${file}.js` || each === `${file}.cjs`)!), name];
}

/** Advice to install, or to change the code. */
const ADVICE = /nodeModules|externalModules|the option loader/;

describe.each(NODES)('on Node $version', ({ version, binary }) => {
  describe.each(Object.entries(APPS))('as .%s', (extension, textOf) => {
    test.each(Object.keys(dependencies))('%s exports the same', (name) => {
      const entry = path.join(FOLDER, `${name.replace(/[@/]/g, '_')}.${extension}`);
      writeFileSync(entry, textOf(name));
      const plain = answerOf(binary, [entry]);
      expect(plain).not.toHaveProperty('failed');
      const { bundle, words } = bundleWithWords(entry, RUNTIMES[version]);
      const bundled = bundle && answerOf(binary, handlerOf(bundle));
      if (ADVICE.test(words) || name in KNOWN) return;
      // esbuild finds more names in a CommonJS module than Node does.
      expect({ words, answer: bundled }).toEqual({ words, answer: expect.objectContaining(plain as object) });
    }, 120_000);
  });
});
