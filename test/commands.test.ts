import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Project } from './src/bundling/project';

const ROOT = path.join(__dirname, '..');
const selectUnitTests: (tests: string[]) => Promise<{ filtered: string[] }> = require('../scripts/unit-tests.cjs'); // eslint-disable-line @typescript-eslint/no-require-imports
const { tasks } = JSON.parse(readFileSync(path.join(ROOT, '.projen/tasks.json'), 'utf8'));

test('every test file is run by the command of exactly one part', () => {
  const commands = Object.values<any>(tasks).flatMap(({ name, steps = [] }) => {
    const [, pattern] = /^jest --ci (test\/\S+)$/.exec(steps[0]?.exec ?? '') ?? [];
    return pattern === undefined ? [] : [{ name, pattern }];
  });
  const files = (readdirSync(__dirname, { recursive: true }) as string[]).filter((file) => file.endsWith('.test.ts'));
  const parts = files.map((file) => [file, commands.filter(({ pattern }) => `test/${file}`.startsWith(pattern)).map(({ name }) => name)]);
  expect(parts.filter(([, names]) => names.length !== 1)).toEqual([]);
  expect(new Set(parts.flatMap(([, names]) => names))).toEqual(new Set(commands.map(({ name }) => name)));
});

test('unit tests are those that are not slow and import nothing slow', async () => {
  const project = new Project({
    'tools/install.ts': '/**\n * Installs a tool.\n *\n * @slow downloads it\n */\nexport const tool = 1;',
    'tools/index.ts': "export { tool } from './install';",
    'quick.test.ts': "import { join } from 'node:path';\n// not @slow: this is no comment of the file\nimport { other } from './other';",
    'other.ts': "import './quick.test';",
    'slow.test.ts': '/** @slow packs the package */\n',
    'imports-slow.test.ts': "import { join } from 'node:path';\nimport {\n  tool,\n} from './tools';",
    'requires-slow.test.ts': "const { tool } = require('./tools/install');",
  });
  const tests = ['quick', 'slow', 'imports-slow', 'requires-slow'].map((name) => project.path(`${name}.test.ts`));
  expect(await selectUnitTests(tests)).toEqual({ filtered: [project.path('quick.test.ts')] });
});
