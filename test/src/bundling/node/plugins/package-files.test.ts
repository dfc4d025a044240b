import { NodeAppOptions } from '../../../../../src';
import { Project } from '../../project';

function warnings(code: string, files: { [file: string]: string }, options: NodeAppOptions = {}): string[] {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  new Project({
    'package.json': { type: 'module' },
    'app.js': "import 'pages';",
    'node_modules/pages/package.json': { name: 'pages', version: '1.0.0', main: 'lib/index.js' },
    'node_modules/pages/lib/index.js': `${code}\nconsole.log(1);`,
    ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`node_modules/pages/${file}`, text])),
  }).bundle('app.js', options);
  const text = stderr.mock.calls.map(([written]) => String(written)).join('');
  stderr.mockRestore();
  return text.match(/\S+ reads files beside its code.*/g) ?? [];
}

const PAGE = { 'static/index.html': '<h1>' };

test.each([
  ['errorhandler', "require('fs').readFileSync(require('path').join(__dirname, '/../static/index.html'));", PAGE, 'static/index.html'],
  ['@fastify/swagger-ui', "const path = require('path'); exports.dir = path.resolve(path.join(__dirname, '..', 'static'));", PAGE, 'static'],
  ['swagger-ui-dist', "module.exports = () => require('path').resolve(__dirname);", {}, 'lib'],
  ['socket.io', "const path = require('path'); exports.file = name => path.join(__dirname, \"../static/\", name);", PAGE, 'static'],
  ['a sum', "exports.dir = __dirname + '/../static';", PAGE, 'static'],
  ['a template', 'exports.dir = `${__dirname}/../static`;', PAGE, 'static'],
  ['geoip-lite', "const path = require('path'); exports.dir = path.resolve(__dirname, global.pages || process.env.PAGES || '../static');", PAGE, 'static'],
  ['a URL', "import { readFileSync } from 'node:fs'; export const page = readFileSync(new URL('../static/index.html', import.meta.url));", PAGE, 'static/index.html'],
  ['a path from a URL', "import { dirname, join } from 'node:path'; import { fileURLToPath } from 'node:url'; export const dir = join(dirname(fileURLToPath(import.meta.url)), '../static');", PAGE, 'static'],
  ['pdfkit', "const fs = require('fs'); exports.font = () => fs.readFileSync(__dirname + '/data/Courier.afm', 'utf8');", { 'lib/data/Courier.afm': '' }, 'lib/data/Courier.afm'],
  ['jsdom', "exports.worker = require.resolve('./worker.js');", { 'lib/worker.js': '' }, 'lib/worker.js'],
  ['a worker without its extension', "exports.worker = require.resolve('../worker');", { 'worker.js': '' }, 'worker.js'],
  ['nock', "import { readFileSync } from 'node:fs'; const base = import.meta.url; export const wasm = readFileSync(new URL('./parser.wasm', base));", { 'lib/parser.wasm': '' }, 'lib/parser.wasm'],
  ['import.meta.dirname', "import path from 'node:path'; export const dir = path.join(import.meta.dirname, '../static');", PAGE, 'static'],
])('a package that reads a file beside itself is named, as in %s', (_, code, files, found) => {
  expect(warnings(code, files)).toEqual([
    expect.stringContaining(`pages reads files beside its code, which are not in the bundle: ${found} (in lib/index.js); add "pages" to nodeModules, which installs it for Lambda`),
  ]);
});

test.each([
  ['a file that is not there', "exports.dir = __dirname + '/../static';", {}],
  ['a file of another package', "exports.dir = require('path').join(__dirname, '../../../package.json');", {}],
  ['code, which it may also load as such', "exports.worker = require('path').join(__dirname, 'worker.js');", { 'lib/worker.js': '' }],
  ['a path below a file', "exports.file = require('path').join(__dirname, 'data.txt', 'utf8');", { 'lib/data.txt': '' }],
  ['a module that is resolved where there is none', "exports.file = () => require.resolve('./none');", {}],
  ['a page of the web', "exports.url = new URL('/static/index.html', 'http://localhost');", PAGE],
])('nothing is said about %s', (_, code, files) => {
  expect(warnings(code, files as { [file: string]: string })).toEqual([]);
});

test('nothing is said if the package is not bundled', () => {
  expect(warnings("exports.dir = __dirname + '/../static';", PAGE, { externalModules: ['pages'] })).toEqual([]);
});
