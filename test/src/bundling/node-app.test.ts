import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { Project, say } from './project';

describe('the module format', () => {
  const app = say("typeof module === 'undefined' ? 'esm' : 'cjs'");

  test.each([
    ['app.ts', {}, 'cjs'],
    ['app.js', {}, 'cjs'],
    ['app.cts', { type: 'module' }, 'cjs'],
    ['app.cjs', { type: 'module' }, 'cjs'],
    ['app.ts', { type: 'module' }, 'mjs'],
    ['app.tsx', { type: 'module' }, 'mjs'],
    ['app.js', { type: 'module' }, 'mjs'],
    ['app.mts', {}, 'mjs'],
    ['app.mjs', {}, 'mjs'],
  ])('of %s in a package with %j is .%s', (file, packageJson, extension) => {
    const bundle = new Project({ 'package.json': packageJson, [file]: 'export default 1;' }).bundle(file);
    // Lambda loads `app.mjs`, which waits for a CommonJS bundle's app to be ready.
    expect(readdirSync(bundle.directory).sort()).toEqual([...new Set([`app.${extension}`, `app.${extension}.map`, 'app.mjs'])]);
  });

  test('is ESM where the app awaits at its top level', () => {
    const bundle = new Project({ 'package.json': {}, 'app.ts': `await Promise.resolve(); ${say('1')}` }).bundle('app.ts');
    expect(bundle.load('app.mjs')).toBe(1);
  });

  test('is the one that the user chose', () => {
    const bundle = new Project({ 'package.json': { type: 'module' }, 'app.js': app }).bundle('app.js', { format: 'cjs' });
    expect(bundle.load('app.cjs')).toBe('cjs');
  });

  test('leaves sloppy code sloppy', () => {
    const bundle = new Project({ 'package.json': {}, 'app.js': `undeclared = 1; ${say('undeclared')}` }).bundle('app.js');
    expect(bundle.load('app.cjs')).toBe(1);
  });

  test('leaves strict code strict', () => {
    const source = `// the app\n'use strict';\n${say('[(function () { return typeof this; })(), typeof __dirname]')}`;
    expect(new Project({ 'package.json': {}, 'app.js': source }).bundle('app.js').load('app.cjs')).toEqual(['undefined', 'string']);
  });

  test('lets an ESM app use CommonJS packages that call require and ask where they are', () => {
    const project = new Project({
      'package.json': { type: 'module' },
      'app.js': `import old from 'old'; import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url); const __dirname = 'mine';
        ${say("[old, typeof require('node:fs').readFileSync, __dirname]")}`,
      'node_modules/old/package.json': { name: 'old', main: 'index.js' },
      'node_modules/old/index.js': "const name = 'node:path'; module.exports = [typeof require(name).join, __filename.endsWith('app.mjs')];",
    });
    expect(project.bundle('app.js').load('app.mjs')).toEqual([['function', true], 'function', 'mine']);
  });

  test('lets a CommonJS app use ESM packages that ask where they are', () => {
    const project = new Project({
      'package.json': {},
      'app.js': `const modern = require('modern'); ${say('modern.here')}`,
      'node_modules/modern/package.json': { name: 'modern', type: 'module', main: 'index.js' },
      'node_modules/modern/index.js': `import { createRequire } from 'node:module'; import { fileURLToPath } from 'node:url';
        export const here = [fileURLToPath(import.meta.url).endsWith('app.cjs'), typeof createRequire(import.meta.url)];`,
    });
    expect(project.bundle('app.js').load('app.cjs')).toEqual([true, 'function']);
  });
});

describe('the place of a file', () => {
  const asks = '[__dirname, __filename]';
  const asksModule = '[import.meta.dirname, import.meta.filename, import.meta.url]';

  test('is its own in CommonJS, whatever was bundled into one file', () => {
    const project = new Project({
      'package.json': {},
      'src/app.js': `const deep = require('./web/routes/deep'); ${say(`[${asks}, deep]`)}`,
      'src/web/routes/deep.js': `module.exports = ${asks};`,
    });
    const bundle = project.bundle('src/app.js');
    const at = (file: string) => [path.dirname(path.join(bundle.directory, file)), path.join(bundle.directory, file)];
    expect(bundle.load('src/app.cjs')).toEqual([at('src/app.js'), at('src/web/routes/deep.js')]);
  });

  test('is its own in ESM', () => {
    const project = new Project({
      'package.json': { type: 'module' },
      'src/app.ts': `import { deep } from './routes/deep b#.js';\n${say(`[${asksModule}, deep]`)}`,
      'src/routes/deep b#.ts': `export const deep = ${asksModule};`,
    });
    const bundle = project.bundle('src/app.ts');
    const at = (file: string) => {
      const full = path.join(bundle.directory, file);
      return [path.dirname(full), full, `file://${full.replace(/ /g, '%20').replace(/#/g, '%23')}`];
    };
    expect(bundle.load('src/app.mjs')).toEqual([at('src/app.ts'), at('src/routes/deep b#.ts')]);
  });

  test('is its own for ESM syntax in a CommonJS bundle, and the other way round', () => {
    const files = (type?: string) => ({ 'package.json': { type }, 'src/app.ts': say('[__filename, import.meta.filename]') });
    const cjs = new Project(files()).bundle('src/app.ts');
    const esm = new Project(files('module')).bundle('src/app.ts');
    expect(cjs.load('src/app.cjs')).toEqual(Array(2).fill(path.join(cjs.directory, 'src/app.ts')));
    expect(esm.load('src/app.mjs')).toEqual(Array(2).fill(path.join(esm.directory, 'src/app.ts')));
  });

  test('leads to its assets in both formats, and so does the working directory', () => {
    for (const [type, here] of [['commonjs', '__dirname'], ['module', 'import.meta.dirname']]) {
      const project = new Project({
        'package.json': { type },
        'src/server/app.ts': `import { readFileSync } from 'node:fs';
          ${say(`['public/a.txt', ${here} + '/../../public/a.txt', ${here} + '/views/b.txt'].map(file => readFileSync(file, 'utf8'))`)}`,
        'public/a.txt': 'a',
        'src/server/views/b.txt': 'b',
      });
      const bundle = project.bundle('src/server/app.ts', { assets: ['public', './src/server/views/'] });
      expect(bundle.load(type === 'module' ? 'src/server/app.mjs' : 'src/server/app.cjs')).toEqual(['a', 'a', 'b']);
    }
  });

  test('does not move the lines of a stack trace', () => {
    const source = "// one\n'use strict';\n\nfunction fail() {\n  return new Error(__dirname);\n}\n" + say("fail().stack.split('\\n').find(line => line.includes('app.js'))");
    expect(new Project({ 'package.json': {}, 'src/app.js': source }).bundle('src/app.js').load('src/app.cjs')).toMatch(/src\/app\.js:5:10\)$/);
  });
});

describe('the handler', () => {
  test('lies at the place of the entry', () => {
    expect(new Project({ 'package.json': {}, 'src/web/app.ts': '' }).bundle('src/web/app.ts').handler).toBe('src/web/app.handler');
  });

  test('has no dot in its file name, where Lambda would cut it', () => {
    const bundle = new Project({ 'package.json': {}, 'src/app.server.ts': say('1') }).bundle('src/app.server.ts');
    expect(bundle.handler).toBe('src/app-server.handler');
    expect(bundle.load('src/app-server.cjs')).toBe(1);
  });

  test('is told the export that the entry names', () => {
    const listener = (text: string) => `(_: unknown, res: { end(text: string): void }) => res.end('${text}')`;
    const source = `export const server = ${listener('the server')}; export default ${listener('the default')};`;
    const project = new Project({ 'package.json': {}, 'src/app.ts': source });
    expect(project.bundle('src/app.ts:server').handler).toBe('src/app.handler');
    expect(project.bundle('src/app.ts:server').get('src/app.cjs', '/')).toMatchObject({ statusCode: 200, body: 'the server' });
    expect(project.bundle('src/app.ts').get('src/app.cjs', '/')).toMatchObject({ statusCode: 200, body: 'the default' });
  });

  test('catches an app that listens, in both formats', () => {
    for (const type of ['commonjs', 'module']) {
      const source = "import { createServer } from 'node:http'; createServer((req, res) => res.end(req.url)).listen(3000);";
      const bundle = new Project({ 'package.json': { type }, 'app.ts': source }).bundle('app.ts');
      expect(bundle.get(type === 'module' ? 'app.mjs' : 'app.cjs', '/x')).toMatchObject({ statusCode: 200, body: '/x' });
    }
  });

  test('has one runtime, when the user imports it as well', () => {
    const source = `import { makeLambdaHandler } from 'cdk-wrapped-web-app/lambda-runtime/node'; export default 1; ${say('typeof makeLambdaHandler')}`;
    const bundle = new Project({ 'package.json': {}, 'app.ts': source }).bundle('app.ts');
    expect(bundle.load('app.cjs')).toBe('function');
    const alone = new Project({ 'package.json': {}, 'app.ts': say('1') }).bundle('app.ts');
    expect(bundle.read('app.cjs').length - alone.read('app.cjs').length).toBeLessThan(1000);
  });
});

describe('optional packages', () => {
  const framework = (asks: string, packageJson: object = {}) => ({
    'package.json': {},
    'app.js': `require('framework'); ${say('1')}`,
    'node_modules/framework/package.json': { name: 'framework', main: 'lib/index.js', ...packageJson },
    'node_modules/framework/lib/package.json': { type: 'commonjs' },
    'node_modules/framework/lib/index.js': `exports.later = () => ${asks};`,
  });

  test.each([
    ["require('@nestjs/microservices')"],
    ["require('class-validator/package.json')"],
    ["require.resolve('cache-manager')"],
    ["import('optional-esm')"],
  ])('of a framework may be missing: %s', asks => {
    expect(new Project(framework(asks)).bundle('app.js').load('app.cjs')).toBe(1);
  });

  test('are bundled where they are installed', () => {
    const project = new Project({ ...framework("require('extra')"), 'node_modules/extra/index.js': "module.exports = 'the extra';" });
    expect(project.bundle('app.js').read('app.cjs')).toContain('the extra');
  });

  test('fails for a package that a dependency cannot do without', () => {
    const project = new Project(framework("require('needed')", { dependencies: { needed: '1' } }));
    expect(() => project.bundle('app.js')).toThrow(/node_modules\/framework\/lib\/index.js:1:30: ERROR: Could not resolve "needed"|Could not resolve "needed"/);
  });

  test('fails for a package that the app itself requires', () => {
    const project = new Project({ 'package.json': {}, 'src/app.js': "require('forgotten');" });
    expect(() => project.bundle('src/app.js')).toThrow(/Could not resolve "forgotten"[^]*src\/app.js:1:8/);
  });
});

describe('decorator metadata', () => {
  const app = `import { Inject } from './inject';
import { Service } from './service';
@Inject
export class Controller { constructor(private readonly service: Service, readonly name: string) {} }
${say("[Reflect.getMetadata('design:paramtypes', Controller).map((type: Function) => type.name), new Error('x').stack!.split('\\n')[1].split('/').pop()]")}
`;
  const files = {
    'package.json': {},
    'src/app.ts': `// the app\n${app}`,
    'src/inject.ts': `const types = new Map<unknown, unknown>();
      Object.assign(Reflect, {
        metadata: (_: string, value: unknown) => (target: unknown) => { types.set(target, value); },
        getMetadata: (_: string, target: unknown) => types.get(target),
      });
      declare global { namespace Reflect { function getMetadata(key: string, target: unknown): any; } }
      export function Inject(_target: unknown): void {}`,
    'src/service.ts': 'export class Service {}',
    'node_modules/typescript/index.js': `module.exports = require(${JSON.stringify(require.resolve('typescript'))});`,
  };
  const compilerOptions = { experimentalDecorators: true, emitDecoratorMetadata: true, target: 'es2022', module: 'commonjs' };

  test.each([
    ['its tsconfig.json', { 'tsconfig.json': { compilerOptions } }],
    ['a tsconfig.json that it extends', { 'tsconfig.base.json': { compilerOptions }, 'tsconfig.json': { extends: './tsconfig.base.json' } }],
  ])('is there when %s asks for it, and stack traces keep their lines', (_, tsconfig) => {
    const bundle = new Project({ ...files, ...tsconfig }).bundle('src/app.ts');
    expect(bundle.load('src/app.cjs')).toEqual([['Service', 'String'], expect.stringMatching(/^app\.ts:6:\d+\)?$/)]);
  });

  test('is there when the tsconfig that the user names asks for it', () => {
    const project = new Project({ ...files, 'tsconfig.build.json': { compilerOptions } });
    expect(project.bundle('src/app.ts', { tsconfig: project.path('tsconfig.build.json') }).load('src/app.cjs')[0]).toEqual(['Service', 'String']);
  });

  test('fails when it is asked for and there is no TypeScript', () => {
    const project = new Project({ ...files, 'tsconfig.json': { compilerOptions }, 'node_modules/typescript/index.js': "const error = new Error('none'); error.code = 'MODULE_NOT_FOUND'; throw error;" });
    const elsewhere = new Project({});
    const cwd = process.cwd();
    try {
      process.chdir(elsewhere.root);
      expect(() => project.bundle('src/app.ts')).toThrow(/tsconfig\.json sets emitDecoratorMetadata, which needs the project's own TypeScript, but there is none; run: npm install --save-dev typescript/);
    } finally {
      process.chdir(cwd);
    }
  });
});

describe('fails with the construct, the file and the fix', () => {
  test('for a syntax error in the app', () => {
    const project = new Project({ 'package.json': {}, 'src/app.ts': 'export const a = 1;\nconst b = ;\n' });
    expect(() => project.bundle('src/app.ts')).toThrow(new RegExp(
      `Stack/Web: cannot bundle ${project.path('src/app.ts')}:[^]*Unexpected ";"[^]*src/app\\.ts:2:10:[^]*const b = ;`));
  });

  test('for native code', () => {
    const project = new Project({
      'package.json': {},
      'src/app.js': "require('@fast/hash');",
      'node_modules/@fast/hash/index.js': "module.exports = require('./build/hash.node');",
      'node_modules/@fast/hash/build/hash.node': '',
    });
    expect(() => project.bundle('src/app.js')).toThrow(
      /Stack\/Web: cannot bundle [^]*native code cannot be bundled: add "@fast\/hash" to nodeModules, which installs it for Lambda/);
  });

  test('for an asset that does not exist', () => {
    const project = new Project({ 'package.json': {}, 'src/app.ts': '' });
    expect(() => project.bundle('src/app.ts', { assets: ['views'] })).toThrow(
      `Stack/Web: asset "views" does not exist; it is looked up from the project root, as ${project.path('views')}`);
  });

  test('for an asset outside of the project', () => {
    const project = new Project({ 'web/package.json': {}, 'web/src/app.ts': '', 'shared/logo.svg': '' });
    expect(() => project.bundle('web/src/app.ts', { assets: ['../shared'] })).toThrow(
      `Stack/Web: asset "../shared" lies outside of the project root ${project.path('web')}, so that no path of the app could reach it on Lambda; move or copy it into the project`);
  });

  test('for the whole project as an asset', () => {
    const project = new Project({ 'package.json': {}, 'app.ts': '' });
    expect(() => project.bundle('app.ts', { assets: ['.'] })).toThrow('Stack/Web: asset "." is the whole project; name the files and folders that the app reads');
  });

  test('for an option of esbuild that is none', () => {
    const project = new Project({ 'package.json': {}, 'app.ts': '' });
    expect(() => project.bundle('app.ts', { esbuildArgs: { 'log-limit': '1' } })).toThrow(
      /Stack\/Web: cannot bundle [^]*esbuildArgs must be flags such as --log-limit or --drop:console, got "log-limit"/);
    expect(() => project.bundle('app.ts', { esbuildArgs: { '--no-such': true } })).toThrow(/Invalid option in build\(\) call: "noSuch"/);
  });

  test('leaves nothing of the failure behind: the next synthesis bundles again', () => {
    const project = new Project({ 'package.json': {}, 'app.ts': 'const b = ;' });
    expect(() => project.bundle('app.ts')).toThrow('cannot bundle');
    project.write('app.ts', say('1'));
    expect(existsSync(project.bundle('app.ts').directory)).toBe(true);
  });
});
