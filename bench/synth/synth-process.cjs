// One synthesis in a fresh process: the construct alone is timed, and the whole `app.synth()` after it.
const { readdirSync } = require('node:fs');
const cdk = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');

const [construct, entry, lockFile] = process.argv.slice(2);
const { WrappedWebApp } = construct === 'WrappedWebApp' ? require('../../lib') : {};
const app = new cdk.App({ outdir: undefined });
const stack = new cdk.Stack(app, 'Stack');

const start = performance.now();
if (construct === 'WrappedWebApp') {
  new WrappedWebApp(stack, 'Api', { entry });
} else {
  const handler = new NodejsFunction(stack, 'Api', { entry, handler: 'handler', runtime: lambda.Runtime.NODEJS_24_X, depsLockFilePath: lockFile });
  handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
}
const made = performance.now();
const { directory } = app.synth();
const synthesized = performance.now();
// A bundle that was not made takes no time.
const files = readdirSync(directory, { recursive: true });
if (!files.some((file) => /^asset\..*\.[cm]?js$/.test(file))) {
  throw new Error(`${construct}: no bundle among ${files.join(', ')}`);
}
process.stdout.write(JSON.stringify({ made: made - start, synthesized: synthesized - start }));
