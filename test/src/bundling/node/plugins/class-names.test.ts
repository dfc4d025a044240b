import { Project, say } from '../../project';

const ENTITY = 'const seen: string[] = []; function Entity(): ClassDecorator { return target => { seen.push(target.name); }; }';
const TSCONFIG = { compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true, target: 'es2022' } };

function answer(type: 'commonjs' | 'module', code: string, expression: string, files: { [file: string]: string | object } = {}): unknown {
  const project = new Project({ 'package.json': { type }, 'tsconfig.json': TSCONFIG, 'app.ts': `${ENTITY}\n${code}\n${say(expression)}`, ...files });
  return project.bundle('app.ts').load(type === 'module' ? 'app.mjs' : 'app.cjs');
}

describe.each(['commonjs', 'module'] as const)('a class with decorators keeps its name: %s', type => {
  test.each([
    ['class User { id = 1; }', '[seen, User.name]', [['User'], 'User']],
    ['class Base {} @Entity() class User extends Base { static find() { return User.name; } }', '[seen, User.name, User.find()]', [['User'], 'User', 'User']],
    ["class User { static name = 'users'; }", '[User.name]', ['users']],
    ["class User { static get name() { return 'users'; } }", '[seen, User.name]', [['users'], 'users']],
    ["class User { static name() { return 'users'; } }", '[(User as any).name()]', ['users']],
  ])('%s', (code, expression, expected) => {
    expect(answer(type, `${code.startsWith('class Base') ? '' : '@Entity() '}${code}`, expression)).toEqual(expected);
  });

  test('also where another file has one of that name', () => {
    const other = { 'other.ts': `${ENTITY} @Entity() class User { other = 1; } export const other = User.name;` };
    expect(answer(type, 'import { other } from "./other"; @Entity() class User {}', '[other, User.name]', other)).toEqual(['User', 'User']);
  });
});

test('one of a package does too, which was compiled before', () => {
  const project = new Project({
    'package.json': { type: 'module' },
    'app.js': `import { name } from 'compiled'; ${say('name')}`,
    'node_modules/compiled/package.json': { name: 'compiled', type: 'module', exports: './lib/index.js' },
    'node_modules/compiled/lib/index.js': 'let AppModule = class AppModule {\n};\nAppModule = [AppModule].at(0);\nexport const { name } = AppModule;',
  });
  expect(project.bundle('app.js').load('app.mjs')).toBe('AppModule');
});
