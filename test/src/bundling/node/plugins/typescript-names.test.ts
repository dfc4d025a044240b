import { Project, say } from '../../project';

const ROUTES = { 'src/routes/users.ts': "export const name: string = 'users';", 'src/routes/admin/roles.mts': "export const name: string = 'roles';" };

function answer(call: string, files: { [file: string]: string } = ROUTES): unknown {
  const code = `const load = async (name: string) => (await ${call}).name;\nload('users').catch((error: Error) => error.message).then(found => { ${say('found')} });`;
  return new Project({ 'package.json': { type: 'module' }, 'src/app.ts': code, ...files }).bundle('src/app.ts').load('src/app.mjs');
}

test.each([
  'import(`./routes/${name}.js`)',
  "import('./routes/' + name + '.js')",
  'import("./" + `routes/${name}` + ".js")',
  'import(\n  `../src/routes/${name}.js`\n)',
  'import(`./routes/${name}`)',
  'import(`./routes/${name}.ts`)',
])('a file of TypeScript is found by a name that is computed: %s', call => {
  expect(answer(call)).toBe('users');
});

test('so is one with another extension', () => {
  const files = { 'src/routes/users.mts': "export const name: string = 'users';" };
  expect(answer('import(`./routes/${name}.mjs`)', files)).toBe('users');
});

test('a folder with JavaScript has the names that it has', () => {
  expect(answer('import(`./routes/${name}.js`)', { 'src/routes/users.js': "export const name = 'JavaScript';", 'src/routes/other.ts': '' })).toBe('JavaScript');
});

test('a folder that is not there is an error', () => {
  expect(() => answer('import(`./nowhere/${name}.js`)', {})).toThrow('Could not resolve import("./nowhere/**/*.js")');
});
