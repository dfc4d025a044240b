import { Project, say } from '../../project';

test('the handler serves an app that calls listen(), in both formats', () => {
  for (const type of ['commonjs', 'module']) {
    const source = "import { createServer } from 'node:http'; createServer((req, res) => res.end(req.url)).listen(3000);";
    const bundle = new Project({ 'package.json': { type }, 'app.ts': source }).bundle('app.ts');
    expect(bundle.get(type === 'module' ? 'app.mjs' : 'app.cjs', '/x')).toMatchObject({ statusCode: 200, body: '/x' });
  }
});

test('the bundle has only one copy of the runtime if the app imports it as well', () => {
  const source = `import { makeLambdaHandler } from 'cdk-wrapped-web-app/lambda-runtime/node'; export default 1; ${say('typeof makeLambdaHandler')}`;
  const bundle = new Project({ 'package.json': {}, 'app.ts': source }).bundle('app.ts');
  expect(bundle.load('app.cjs')).toBe('function');
  const alone = new Project({ 'package.json': {}, 'app.ts': say('1') }).bundle('app.ts');
  expect(bundle.read('app.cjs').length - alone.read('app.cjs').length).toBeLessThan(1000);
});
