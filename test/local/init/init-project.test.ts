import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { initProject } from '../../../local/init/init-project';

const OWN_PACKAGE = { version: '1.2.3', peerDependencies: { 'aws-cdk-lib': '^2.260.0', 'constructs': '^10.5.1' } };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(files: Record<string, string | object>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
const init = (language?: 'typescript' | 'python') => initProject(directory, OWN_PACKAGE, language);

const EXPRESS = { name: '@acme/my_shop', dependencies: { express: '^5.0.0' } };

test('writes a stack of about ten lines, cdk.json, and what package.json needs', () => {
  write({ 'package.json': { ...EXPRESS, devDependencies: { 'typescript': '~5.9.0', 'aws-cdk-lib': '2.270.0' } }, 'src/app.ts': 'const app = express(); export default app;' });
  const { app, written, changed, commands } = init();
  expect([app.kind, app.place, written, changed]).toEqual(['an Express app', 'src/app.ts', ['stack.ts', 'cdk.json', '.gitignore'], ['package.json']]);
  expect(commands).toEqual(['npm install', 'npx cdk-wrapped-web-app serve --watch']);
  expect(read('stack.ts')).toBe(`import { App, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'MyShop');

new WrappedWebApp(stack, 'Web', {
  entry: 'src/app.ts',
  frontDoor: 'function-url', // or 'http-api', 'rest-api', 'alb'
});
`);
  expect(JSON.parse(read('cdk.json')).app).toBe('npx tsx stack.ts');
  expect(JSON.parse(read('package.json'))).toEqual({
    ...EXPRESS,
    devDependencies: {
      'aws-cdk': expect.any(String),
      // What the project had already.
      'aws-cdk-lib': '2.270.0',
      'cdk-wrapped-web-app': '^1.2.3',
      'constructs': '^10.5.1',
      'esbuild': expect.any(String),
      'tsx': expect.any(String),
      'typescript': '~5.9.0',
    },
  });
  expect(read('.gitignore')).toBe('cdk.out/\nnode_modules/\n');
});

const LISTENING = 'const app = express(); app.listen(3000);';

test.each<[string, Record<string, string | object>, string, string]>([
  ['what npm start runs', { 'package.json': { ...EXPRESS, scripts: { start: 'node server/run.js' } }, 'server/run.js': LISTENING, 'app.js': LISTENING }, 'an Express app', "'server/run.js'"],
  ['the source of what npm start runs', { 'package.json': { ...EXPRESS, scripts: { start: 'node dist/server.js' } }, 'src/server.ts': LISTENING, 'dist/server.js': LISTENING }, 'an Express app', "'src/server.ts'"],
  ['the app that bin/www of the Express generator requires', { 'package.json': { ...EXPRESS, scripts: { start: 'node ./bin/www' } }, 'app.js': 'var app = express(); module.exports = app;', 'bin/www': '' }, 'an Express app', "'app.js'"],
  ['a file that exports an app before a router', { 'package.json': EXPRESS, 'index.js': 'module.exports = express.Router();', 'src/main.js': 'const app = express(); module.exports = app;' }, 'an Express app', "'src/main.js'"],
  ['a NestJS app', { 'package.json': { dependencies: { '@nestjs/core': '1', 'express': '1' }, scripts: { start: 'nest start' } }, 'src/main.ts': 'const app = await NestFactory.create(AppModule); await app.listen(3000);' }, 'a NestJS app', "'src/main.ts'"],
  ['a server without a framework', { 'package.json': { main: 'index.js' }, 'index.js': 'http.createServer(handle).listen(80);' }, 'a Node HTTP server', "'index.js'"],
  ['folders that the sources name', { 'package.json': EXPRESS, 'app.js': "const app = express(); app.use(express.static('public')); module.exports = app;", 'public/a.css': '', 'views/unused.ejs': '' }, 'an Express app', "AppSource.node('app.js', { assets: ['public'] })"],
  ['a Next.js app', { 'package.json': { dependencies: { next: '16' }, scripts: { build: 'next build' } }, 'app/page.tsx': '', 'public/a.png': '' }, 'a Next.js app', "AppSource.server('.next/standalone', { entry: 'server.js', assets: { '.next/static': '.next/static', 'public': 'public' } })"],
  ['a Django project', { 'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')", 'shop/wsgi.py': 'application = get_wsgi_application()', 'shop/settings/local.py': '' }, 'a Django app', "'shop/wsgi.py'"],
  ['a Django project in a folder', { 'site/manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')", 'site/shop/asgi.py': '' }, 'a Django app', "'site/shop/asgi.py'"],
  ['main.py', { 'main.py': 'app = FastAPI()', 'requirements.txt': 'fastapi' }, 'a FastAPI app', "'main.py'"],
  ['wsgi.py with the app of a factory', { 'wsgi.py': 'from shop import create_app\n\napp = create_app()\n', 'shop/__init__.py': 'def create_app():\n    return Flask(__name__)\n' }, 'a Flask app', "'wsgi.py'"],
  ['a factory', { 'flaskr/__init__.py': 'def create_app(test_config=None):\n    app = Flask(__name__)\n' }, 'a Flask app', "'flaskr/__init__.py'"],
  ['an app with a name of its own', { 'src/shop/main.py': 'site = Starlette(routes=[])' }, 'a Starlette app', "'src/shop/main.py:site'"],
])('finds %s', (_, files, kind, entry) => {
  write(files);
  const { app } = init('typescript');
  expect([app.kind, app.entry]).toEqual([kind, entry]);
  expect(read('stack.ts')).toContain(`entry: ${entry},\n`);
  expect(read('stack.ts').includes('AppSource,')).toBe(entry.startsWith('AppSource'));
});

test('writes a stack in Python for a Python app', () => {
  write({ 'main.py': 'app = Flask(__name__)', 'package-lock.json': '{}' });
  const { written, changed, commands } = init();
  expect([written, changed]).toEqual([['stack.py', 'cdk.json', 'requirements-cdk.txt', '.gitignore'], []]);
  expect(commands).toEqual([
    'python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements-cdk.txt',
    'npx cdk-wrapped-web-app serve --watch',
  ]);
  expect(read('stack.py').replace(/Stack\(app, '[^']+'/, "Stack(app, 'Folder'")).toBe(`import aws_cdk as cdk
from cdk_wrapped_web_app import AppSource, WrappedWebApp

app = cdk.App()
stack = cdk.Stack(app, 'Folder')

WrappedWebApp(
    stack,
    'Web',
    entry=AppSource.python('main.py', exclude=['stack.py', 'requirements-cdk.txt']),
    front_door='function-url',  # or 'http-api', 'rest-api', 'alb'
)

app.synth()
`);
  expect(JSON.parse(read('cdk.json')).app).toBe('python3 stack.py');
  expect(read('requirements-cdk.txt')).toBe('aws-cdk-lib>=2.260.0,<3\nconstructs>=10.5.1,<11\ncdk-wrapped-web-app>=1.2.3,<2\n');
  expect(read('.gitignore')).toBe('cdk.out/\n.venv/\n');
});

test('writes a stack in the language that is asked for', () => {
  write({ 'main.py': 'app = Flask(__name__)' });
  expect(init('typescript').written).toContain('package.json');
  expect(Object.keys(JSON.parse(read('package.json')))).toEqual(['private', 'devDependencies']);
});

test('writes a stack in TypeScript for a Python app beside a package.json, which its people have Node for', () => {
  write({ 'main.py': 'app = Flask(__name__)', 'package.json': {} });
  expect(init().written).toEqual(['stack.ts', 'cdk.json', '.gitignore']);
});

test('writes no stack in Python for a Node app', () => {
  write({ 'package.json': EXPRESS, 'app.js': LISTENING });
  expect(() => init('python')).toThrow('found an Express app in app.js: a stack in Python can be written only for a Python app; leave out --language, or see docs/languages/python.md');
});

test.each(['cdk.json', 'stack.py', 'requirements-cdk.txt'])('in Python too, overwrites nothing if there is %s, and shows what to add', (name) => {
  write({ 'main.py': 'app = Flask(__name__)', [name]: 'mine' });
  expect(() => init()).toThrow(new RegExp(`^${name} already exists in .*with self in place of stack:\n\nWrappedWebApp\\(\n    stack,\n    'Web',\n.*\n\\)\n$`, 's'));
  expect([read(name), existsSync(path.join(directory, '.gitignore'))]).toEqual(['mine', false]);
});

test.each(['cdk.json', 'stack.ts'])('overwrites nothing if there is %s, and shows what to add', (name) => {
  write({ 'package.json': EXPRESS, 'app.js': 'const app = express(); module.exports = app;', [name]: 'mine' });
  const before = read('package.json');
  expect(() => init()).toThrow(new RegExp(`^${name} already exists in .*nothing is overwritten.*new WrappedWebApp\\(stack, 'Web', \\{\n {2}entry: 'app\\.js'`, 's'));
  expect([read(name), read('package.json'), existsSync(path.join(directory, '.gitignore'))]).toEqual(['mine', before, false]);
});

test('keeps the form of package.json', () => {
  const text = '{\r\n\t"name": "a",\r\n\t"dependencies": { "express": "5" }\r\n}';
  write({ 'package.json': text, 'app.js': 'const app = express(); module.exports = app;' });
  init();
  expect(read('package.json')).toMatch(/^\{\r\n\t"name": "a",\r\n\t"dependencies": \{\r\n[^]*\}$/);
});

test('says that the build of TypeScript would compile the stack too', () => {
  write({ 'package.json': EXPRESS, 'app.ts': 'const app = express(); export default app;', 'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }' });
  expect(init().notes).toEqual(['tsconfig.json compiles every TypeScript file of this folder: add "stack.ts" to its "exclude", so that your build stays as it is']);
});

test.each<[string, Record<string, string>, string[]]>([
  ['pnpm-lock.yaml', {}, ['pnpm install', 'pnpm exec cdk-wrapped-web-app serve --watch']],
  ['yarn.lock', {}, ['yarn install', 'yarn cdk-wrapped-web-app serve --watch']],
  ['bun.lock', {}, ['bun install', 'bunx cdk-wrapped-web-app serve --watch']],
])('with %s, names the commands of that package manager', (lockFile, _, commands) => {
  write({ 'package.json': EXPRESS, 'app.js': 'const app = express(); module.exports = app;', [lockFile]: '' });
  expect(init().commands).toEqual(commands);
});

test('names the projects below that have an app', () => {
  write({ 'package.json': { workspaces: ['apps/*'] }, 'apps/api/package.json': EXPRESS, 'apps/api/app.js': LISTENING, 'backend/app/main.py': 'app = FastAPI()' });
  expect(() => init()).toThrow(/in these folders; run the command in one of them:\n {2}backend: a FastAPI app\n {2}apps\/api: an Express app$/);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a folder without an app', { 'README.md': '' }, /^cannot find a web app in .*run the command in the folder of the app$/],
  ['a package.json that is not JSON', { 'package.json': '{' }, /^cannot read .*package\.json: /],
  ['a package.json that is not an object', { 'package.json': '[]' }, /^cannot read .*package\.json: it is not an object$/],
])('fails on %s', (_, files, message) => {
  write(files);
  expect(() => init()).toThrow(message);
});

test.each(['nowhere', 'package.json', 'package.json/app'])('fails on %s, which is not a folder', (name) => {
  write({ 'package.json': EXPRESS });
  const given = path.join(directory, name);
  expect(() => initProject(given, OWN_PACKAGE)).toThrow(new Error(`${given} is not a folder`));
});
