import { NodeAppOptions } from '../../../../../src';
import { Project, say } from '../../project';

/** Larger than the files that are left to esbuild. */
const FILLER = Array.from({ length: 300 }, (_, index) => [`type/${index}`, { source: 'iana', extensions: ['a', 'b'] }]);
const LARGE = `{
  "negativeZero": -0,
  "tooLarge": 1e400,
  "exact": 12345678901234567890,
  "__proto__": { "polluted": true },
  "text": "ä \\u2028 \\ud800 'single' \\"double\\" \`back\` \${x} \\\\ line\\nend   three spaces",
  "types": ${JSON.stringify(Object.fromEntries(FILLER), undefined, 2)}
}`;

function bundle(source: string, options: NodeAppOptions = {}, files: { [file: string]: string | object } = {}) {
  return new Project({ 'package.json': {}, 'app.ts': source, 'data.json': LARGE, ...files }).bundle('app.ts', options);
}

const FACTS = `[Object.is(data.negativeZero, -0), data.tooLarge === Infinity, data.exact === 12345678901234567890, Object.hasOwn(data, '__proto__'),
  ({}).polluted === undefined, data.text, Object.keys(data).length, data.types['type/299']]`;
const EXPECTED = [true, true, true, true, true, JSON.parse(LARGE).text, 6, { source: 'iana', extensions: ['a', 'b'] }];

test.each<[string, NodeAppOptions]>([
  ['CommonJS', {}],
  ['CommonJS in ASCII', { charset: 'ascii' }],
  ['a minified bundle', { minify: true }],
  ['an ES module', { format: 'esm' }],
])('a large file that is required is parsed when it is required, and has its values: in %s', (_, options) => {
  const made = bundle(`const data = require('./data.json');\n${say(FACTS)}`, options);
  const file = options.format === 'esm' ? 'app.mjs' : 'app.cjs';
  expect(made.read(file)).toContain('JSON.parse(');
  expect(made.read(file)).not.toMatch(/extensions: ?\[/);
  expect(made.load(file)).toEqual(EXPECTED);
});

test('it is one object, as in Node: all that require it see a change', () => {
  const files = { 'other.js': "exports.data = require('./data.json');" };
  expect(bundle(`const data = require('./data.json');\nrequire('./other.js').data.added = 1;\n${say('data.added')}`, {}, files).load('app.cjs')).toBe(1);
});

test('a small file is left to esbuild', () => {
  const made = bundle(`const data = require('./small.json');\n${say('data.a')}`, {}, { 'small.json': { a: [1] } });
  expect(made.read('app.cjs')).toContain('a: [1]');
  expect(made.load('app.cjs')).toEqual([1]);
});

test('of a file that is imported only what is read is in the bundle', () => {
  const made = bundle(`import { text } from './data.json';\n${say('text.length')}`);
  expect(made.read('app.cjs')).not.toContain('type/299');
  expect(made.load('app.cjs')).toBe(EXPECTED[5].length);
});

test('a file that is both imported and required makes the same bundle each time', () => {
  const source = `import data from './data.json';\nconst again = require('./data.json');\n${say('data.text === again.text')}`;
  const [first, ...others] = [1, 2, 3, 4].map(() => bundle(source));
  expect(first.load('app.cjs')).toBe(true);
  others.forEach(other => expect(other.read('app.cjs')).toBe(first.read('app.cjs')));
});

test('paths of this machine are not in the bundle', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': "require('./data.json');", 'data.json': LARGE });
  const made = project.bundle('app.ts');
  expect(made.read('app.cjs') + made.read('app.cjs.map')).not.toContain(project.root);
});

test('the loader that the user has chosen is kept', () => {
  expect(bundle(`const data = require('./data.json');\n${say('typeof data')}`, { loader: { '.json': 'text' } }).load('app.cjs')).toBe('string');
  expect(bundle(`const data = require('./data.json');\n${say('typeof data')}`, { esbuildArgs: { '--loader:.json': 'text' } }).load('app.cjs')).toBe('string');
});

test('a file that is no JSON is told as by esbuild', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': "require('./broken.json');", 'broken.json': `${LARGE} // end` });
  expect(() => project.bundle('app.ts')).toThrow(/broken\.json:\d+:\d+/);
});

test('a file of a package that is not bundled is required from there', () => {
  const made = bundle("try { require('types/db.json'); } catch {}", { externalModules: ['types'] }, {
    'node_modules/types/package.json': { name: 'types' }, 'node_modules/types/db.json': LARGE,
  });
  expect(made.read('app.cjs')).toContain('require("types/db.json")');
});

test('a file of a package that is not installed is optional, as other modules of it', () => {
  const made = bundle("import 'needy';", {}, {
    'node_modules/needy/package.json': { name: 'needy' }, 'node_modules/needy/index.js': "try { require('absent/db.json'); } catch { globalThis.caught = 1; }",
  });
  expect(made.read('app.cjs')).toContain('require("absent/db.json")');
});
