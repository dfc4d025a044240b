import { awscdk, javascript } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-wrapped-web-app',
  description: 'A CDK construct that runs a web app, unchanged, on AWS Lambda behind a Function URL, an HTTP API, a REST API or an ALB',
  author: 'The cdk-wrapped-web-app authors',
  authorAddress: 'cdk-wrapped-web-app@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk-wrapped-web-app/cdk-wrapped-web-app.git',
  keywords: ['aws', 'cdk', 'lambda', 'web', 'express', 'koa', 'fastify', 'nestjs', 'hono', 'flask', 'django', 'fastapi', 'wsgi', 'asgi', 'alb', 'api-gateway', 'function-url'],
  license: 'MIT',
  copyrightOwner: 'The cdk-wrapped-web-app authors',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,

  cdkVersion: '2.260.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',

  devDeps: [
    'aws-cdk@2.1148.1',
    'cdk-nag',
    '@hapi/hapi',
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/platform-express',
    '@types/aws-lambda',
    '@types/ejs',
    '@types/express',
    '@types/multer',
    'connect',
    'ejs',
    'esbuild@^0.28.2',
    'express',
    'express4@npm:express@^4',
    'fast-check',
    'fastify',
    'hono',
    'koa',
    'multer',
    'polka',
    'reflect-metadata',
    'rxjs',
  ],

  sampleCode: false,
  autoDetectBin: false,
  bin: { 'cdk-wrapped-web-app': 'lib/local/cli.js' },
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,
  depsUpgrade: false,
  stale: false,
  codeCov: false,
  integrationTestAutoDiscover: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  gitignore: ['.cache/', '.jsii.tabl.json', 'cdk.out/', '__pycache__/', '*.egg-info/', 'examples/node_modules', '.venv/', '.mypy_cache/'],
  eslintOptions: {
    dirs: ['src', 'lambda-runtime', 'local'],
    devdirs: ['test', 'integ', 'examples', 'scripts'],
    ignorePatterns: ['*.d.ts', 'node_modules/', '*.generated.ts', 'coverage', 'cdk.out'],
  },
  tsconfig: { compilerOptions: { types: ['node'] } },
  tsconfigDev: {
    compilerOptions: { lib: ['es2024'], types: ['node', 'jest'] },
    include: ['../lambda-runtime/**/*.ts', '../local/**/*.ts', '../integ/**/*.ts', '../examples/**/*.ts'],
  },
  jestOptions: {
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: { testTimeout: 60_000, collectCoverage: false },
  },
});

// The runtime and the local front doors are not part of the jsii assembly: each has a tsconfig of its own.
const buildRuntime = project.addTask('build:runtime', {
  description: 'Type-check and bundle lambda-runtime/node and local into lib/',
  steps: [
    { exec: 'tsc -p lambda-runtime/node' },
    { exec: 'tsc -p local' },
    { exec: 'node scripts/bundle-runtime.mjs' },
    { exec: 'node scripts/copy-local-files.mjs' },
    { exec: 'node scripts/link-examples.mjs' },
  ],
});
project.postCompileTask.prependSpawn(buildRuntime);

// Commands that need the compiled package compile it, but not twice in a row.
const STALE = 'node scripts/assembly-is-stale.mjs';
project.testTask.prependSpawn(buildRuntime);
project.testTask.prependSpawn(project.compileTask, {
  condition: STALE,
});

project.testTask.exec('tsc -p test/tsconfig.json --isolatedModules false');
project.testTask.exec('jsii-rosetta extract --strict --output .cache/rosetta.json');

project.addTask('fuzz', {
  description: 'Send a million hostile events through the Node runtime, or as many as the first argument says',
  exec: 'node scripts/fuzz.mjs',
  receiveArgs: true,
});

project.addTask('demo', {
  description: 'Serve examples/express behind all four front doors on this machine',
  steps: [
    { spawn: project.compileTask.name, condition: STALE },
    { spawn: buildRuntime.name },
    { exec: 'node scripts/demo.mjs', receiveArgs: true },
  ],
});

// Synth code and runtime code share only environment variables, and the local front doors share no code with either.
// In src, front doors know nothing of app sources and bundling, and the other way round; only wrapped-web-app.ts imports both.
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './src', from: ['./lambda-runtime', './local'] },
      { target: './lambda-runtime', from: ['./src', './local', './node_modules'] },
      { target: './local', from: ['./src', './lambda-runtime', './node_modules'] },
      { target: './src/front-doors', from: './src', except: ['./front-doors'] },
      { target: './src/front-door.ts', from: './src', except: ['./front-doors'] },
      { target: './src/app-source.ts', from: './src', except: ['./app-sources', './bundling'] },
      { target: './src/app-sources', from: './src', except: ['./app-sources', './bundling'] },
      { target: './src/bundling', from: './src', except: ['./bundling'] },
      { target: './src/bundling/node', from: './src/bundling/python' },
      { target: './src/bundling/python', from: './src/bundling/node' },
    ],
  }],
});

for (const path of ['/.cache/', '/.ci/', '/bench/', '/docs/', '/examples/', '/integ/', '/lambda-runtime/', '/local/', '/rosetta/', '/scripts/']) {
  project.addPackageIgnore(path);
}
for (const path of ['!/lib/**/*.mjs', '!/lib/**/*.cjs']) {
  project.addPackageIgnore(path);
}
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './lambda-runtime/node': {
    types: './lib/lambda-runtime/node/index.d.ts',
    import: './lib/lambda-runtime/node/index.mjs',
    require: './lib/lambda-runtime/node/index.cjs',
  },
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// TypeScript with moduleResolution node10 ignores exports.
project.package.addField('typesVersions', { '*': { 'lambda-runtime/node': ['./lib/lambda-runtime/node/index.d.ts'] } });
// A fresh lock file is otherwise incomplete: https://github.com/npm/cli/issues/4828
project.package.addField('overrides', { 'unrs-resolver': '1.11.1' });
project.package.addField('optionalDependencies', { esbuild: '^0.28.0' });

project.synth();
