import { Project, say } from '../../project';

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
])('decorators get their types if %s sets emitDecoratorMetadata, and stack traces have the right lines', (_, tsconfig) => {
  const bundle = new Project({ ...files, ...tsconfig }).bundle('src/app.ts');
  expect(bundle.load('src/app.cjs')).toEqual([['Service', 'String'], expect.stringMatching(/^app\.ts:6:\d+\)?$/)]);
});

test('decorators get their types if the tsconfig option names a file that sets emitDecoratorMetadata', () => {
  const project = new Project({ ...files, 'tsconfig.build.json': { compilerOptions } });
  expect(project.bundle('src/app.ts', { tsconfig: project.path('tsconfig.build.json') }).load('src/app.cjs')[0]).toEqual(['Service', 'String']);
});

test('in a monorepo, the TypeScript of the package of the app is used', () => {
  const inWeb = Object.fromEntries(Object.entries({ ...files, 'tsconfig.json': { compilerOptions } }).map(([file, text]) => [`web/${file}`, text]));
  const project = new Project({ 'package.json': {}, ...inWeb });
  const cwd = process.cwd();
  try {
    process.chdir(new Project({}).root);
    expect(project.bundle('web/src/app.ts', { projectRoot: project.root }).load('web/src/app.cjs')[0]).toEqual(['Service', 'String']);
  } finally {
    process.chdir(cwd);
  }
});

test('fails if emitDecoratorMetadata is set and TypeScript is not installed', () => {
  const project = new Project({ ...files, 'tsconfig.json': { compilerOptions }, 'node_modules/typescript/index.js': "const error = new Error('none'); error.code = 'MODULE_NOT_FOUND'; throw error;" });
  const elsewhere = new Project({});
  const cwd = process.cwd();
  try {
    process.chdir(elsewhere.root);
    expect(() => project.bundle('src/app.ts')).toThrow(/tsconfig\.json sets emitDecoratorMetadata, which needs the project's own TypeScript, but it is not installed; run: npm install --save-dev typescript/);
  } finally {
    process.chdir(cwd);
  }
});
