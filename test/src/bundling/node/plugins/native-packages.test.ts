import { Project } from '../../project';

test.each<[string, object]>([
  ['has a package for each platform', { optionalDependencies: { '@img/sharp-linux-x64': '1' } }],
  ['is compiled during its installation', { gypfile: true }],
  ['finds its native code through another package', { dependencies: { 'node-gyp-build': '1' } }],
])('warns about a bundled package that %s, and not about others', (_, packageJson) => {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const files = {
    'node_modules/fast/package.json': { name: 'fast', ...packageJson },
    'node_modules/fast/index.js': '',
    'node_modules/plain/package.json': { name: 'plain', optionalDependencies: { fast: '1' } },
    'node_modules/plain/index.js': "require('fast');",
  };
  new Project({ 'package.json': {}, 'app.ts': "import 'plain';", ...files }).bundle('app.ts');
  const warnings = stderr.mock.calls.map(([text]) => String(text)).join('').match(/\S+ has native code.*/g);
  stderr.mockRestore();
  expect(warnings).toEqual([expect.stringContaining('fast has native code, which is not in the bundle; add "fast" to nodeModules, which installs it for Lambda')]);
});
