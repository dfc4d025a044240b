import { Project, say } from '../../project';

const FILES = { 'config/config.json': { development: 'of a database' }, 'src/models/user.js': "module.exports = 'user';", 'src/typed.ts': "export default 'typed' as string;" };

function bundle(code: string) {
  return new Project({ 'package.json': {}, 'src/app.js': code, ...FILES }).bundle('src/app.js');
}

test.each([
  // As `sequelize init` writes it.
  ["require(__dirname + '/../config/config.json')['development']", 'of a database'],
  ['require(__dirname+"/models/user")', 'user'],
  ['require(`${__dirname}/models/user.js`)', 'user'],
  ["require(path.join(__dirname, 'models', 'user'))", 'user'],
  ["require(path.join(__dirname, '/models/user'))", 'user'],
  ['require(path.resolve(\n  __dirname,\n  "..",\n  \'config/config.json\',\n)).development', 'of a database'],
  ["require(join(__dirname, 'typed')).default", 'typed'],
])('a file that is named by the folder of the code is in the bundle: %s', (call, expected) => {
  const bundled = bundle(`const path = require('path'); const { join } = path; ${say(call)}`);
  expect(bundled.load('src/app.cjs')).toBe(expected);
});

test('the lines and columns after it are those of the sources', () => {
  const bundled = bundle("const path = require('path');\nconst user = require(path.join(__dirname,\n  'models', 'user')); exports.marked = () => { throw new Error(user); };");
  const { mappings } = JSON.parse(bundled.read('src/app.cjs.map'));
  const sources = bundle("const path = require('path');\nconst user = require(                  \n  './models/user'  ); exports.marked = () => { throw new Error(user); };");
  expect(mappings).toBe(JSON.parse(sources.read('src/app.cjs.map')).mappings);
});

test.each([
  "require(path.join(__dirname, 'nowhere'))",
  'require(path.join(__dirname, name))',
  "require(__dirname + '/nowhere')",
  "require(__dirname + '/models/' + name)",
])('others are left to Node: %s', call => {
  const code = `const path = require('path'); const name = process.env.NAME || 'x'; try { ${call}; } catch (error) { ${say('error.code')} }`;
  expect(bundle(code).load('src/app.cjs')).toBe('MODULE_NOT_FOUND');
});
