// Synthesizes every app with `WrappedWebApp` and with `NodejsFunction`, and prints where the assets are, with handler and
// environment. The arguments are the folder of the output, the major version of Node, the Node and Python apps, and the version of Python.
process.env.CDK_VALIDATION = 'false';
const { parse, join } = require('node:path');
const [outdir, major, nodeApps, pythonApps, pythonVersion] = process.argv.slice(2);
const here = __dirname;
const bench = join(here, '..');
const cdk = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
const { AppSource, WrappedWebApp } = require('../../lib');

process.chdir(join(here, 'apps'));
const runtime = new lambda.Runtime(`nodejs${major}.x`, lambda.RuntimeFamily.NODEJS);
const app = new cdk.App({ outdir });
const stack = new cdk.Stack(app, 'Starts');
const functions = {};
// Packages that NestJS loads if they are there.
const OPTIONAL = ['@nestjs/microservices', '@nestjs/websockets', 'class-transformer', 'class-validator', '@fastify/static', '@fastify/view'];

function plainFunction(name, entry) {
  functions[name] = new NodejsFunction(stack, name.replace('/', '-'), {
    entry,
    runtime,
    projectRoot: bench,
    depsLockFilePath: join(bench, 'package-lock.json'),
    bundling: { logLevel: 'error', externalModules: ['@aws-sdk/*', '@smithy/*', ...name.startsWith('nest/') ? OPTIONAL : []] },
  });
}

plainFunction('empty', 'empty.ts');
function ourFunction(name, entry) {
  functions[name] = new WrappedWebApp(stack, name.replace('/', '-'), { entry, runtime }).handler;
}

for (const [framework, contenders] of Object.entries(JSON.parse(nodeApps))) {
  for (const contender of contenders) {
    const name = `${framework}/${contender}`;
    if (contender === 'ours') ourFunction(name, `${framework}/app.ts`);
    else if (contender === 'ours-module') ourFunction(name, AppSource.node(`${framework}/app.ts`, { format: 'esm' }));
    else plainFunction(name, `${name}.ts`);
  }
}
for (const framework of JSON.parse(pythonApps)) {
  functions[`${framework}/ours`] = new WrappedWebApp(stack, `${framework}-ours`, {
    entry: `${framework}/app.py`,
    runtime: new lambda.Runtime(`python${pythonVersion}`, lambda.RuntimeFamily.PYTHON),
  }).handler;
}
const assembly = app.synth();
const { Resources } = assembly.getStackByName('Starts').template;
const assets = Object.fromEntries(Object.entries(functions).map(([name, { node }]) => {
  const { Code, Handler, Environment } = Resources[stack.getLogicalId(node.defaultChild)].Properties;
  return [name, { directory: join(assembly.directory, `asset.${parse(Code.S3Key).name}`), handler: Handler, environment: Environment?.Variables ?? {} }];
}));
process.stdout.write(`\n${JSON.stringify(assets)}\n`);
