import { awscdk, github, javascript, JsonPatch } from 'projen';

const CDK_VERSION = '2.260.0';
const LOWEST_NODE = '20.1.0';
const WORKFLOW_NODE = '24';

const PUBLIB_VERSION = '0.2.1061';

const COMMIT_TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'chore', 'revert'];

const READ_ONLY = { contents: github.workflows.JobPermission.READ };
const SETUP_PYTHON = { name: 'Setup Python', uses: github.ActionRefs.ACTIONS_SETUP_PYTHON, with: { 'python-version': '3.13' } };

const UNIT_TESTS = '--filter ./scripts/unit-tests.cjs';
/** Makes a unit test that would download something fail. */
const OFFLINE = { npm_config_offline: 'true', PIP_NO_INDEX: '1', UV_OFFLINE: '1' };

/** The parts of the tests, each of which is a command: `npm run test:construct`. A part is a folder or a file in test/. */
const TEST_PARTS = {
  'construct': { tests: 'test/src/', description: 'the construct' },
  'contract': { tests: 'test/contract', description: 'what the construct and the runtimes agree on' },
  'agreement': { tests: 'test/lambda-runtime/agreement', description: 'both runtimes on the same events' },
  'node-runtime': { tests: 'test/lambda-runtime/node', description: 'the Node runtime' },
  'python-runtime': { tests: 'test/lambda-runtime/python', description: 'the Python runtime, on every Python of this machine' },
  'local': { tests: 'test/local/', description: 'the local front doors' },
  'end-to-end': { tests: 'test/end-to-end/', description: 'an app behind all local front doors, beside the same app on a plain server' },
  'examples': { tests: 'test/examples/', description: 'the examples' },
  'integ': { tests: 'test/integ/', description: 'the integration stacks, deployed to an emulator of AWS' },
  'bench': { tests: 'test/bench', description: 'the bench: a short run' },
  'languages': { tests: 'test/languages/', description: 'the package as a stack in Python uses it' },
  'package': { tests: 'test/package', description: 'the package as npm installs it' },
  'commands': { tests: 'test/commands', description: 'these commands' },
  'scripts': { tests: 'test/scripts/', description: 'the scripts of the build' },
  'docs': { tests: 'test/docs/', description: 'the code on the pages of docs/ and in the README' },
};

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

  cdkVersion: CDK_VERSION,
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.0',
  // 20.0 ignores `recursive` of readdirSync, and so leaves parts of Python bundles as pip and uv made them.
  minNodeVersion: LOWEST_NODE,

  devDeps: [
    'aws-cdk@2.1148.1',
    'cdk-nag',
    '@codegenie/serverless-express@5.0.0',
    '@hapi/hapi',
    '@jest/test-sequencer@^30',
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/platform-express',
    '@types/aws-lambda',
    '@types/ejs',
    '@types/express',
    '@types/multer',
    '@types/yauzl',
    'buffer-crc32',
    'chokidar@^4',
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
    'playwright-core',
    'polka',
    'reflect-metadata',
    'rxjs',
    'serverless-http@4.0.0',
    'yauzl',
  ],

  // These names cannot be taken back. docs/languages/ shows them in use.
  publishToPypi: { distName: 'cdk-wrapped-web-app', module: 'cdk_wrapped_web_app', trustedPublishing: true, attestations: true },
  publishToMaven: {
    mavenGroupId: 'io.github.cdk-wrapped-web-app',
    mavenArtifactId: 'cdk-wrapped-web-app',
    javaPackage: 'io.github.cdkwrappedwebapp',
  },
  publishToNuget: { packageId: 'CdkWrappedWebApp', dotNetNamespace: 'CdkWrappedWebApp', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-wrapped-web-app/cdk-wrapped-web-app-go', packageName: 'cdkwrappedwebapp' },

  sampleCode: false,
  autoDetectBin: false,
  bin: { 'cdk-wrapped-web-app': 'lib/local/cli.js' },
  githubOptions: {
    mergify: false,
    // A pull request becomes one commit with its title, from which the version and the release notes are made.
    pullRequestLintOptions: { semanticTitleOptions: { types: COMMIT_TYPES } },
  },
  npmTrustedPublishing: true,
  jsiiReleaseVersion: PUBLIB_VERSION,
  // Some devDependencies need Node 22 or later, and jsii supports 22 and 24.
  workflowNodeVersion: WORKFLOW_NODE,
  workflowBootstrapSteps: [SETUP_PYTHON],
  buildWorkflowOptions: { mutableBuild: false, permissions: READ_ONLY },
  pullRequestTemplateContents: [
    'What changes for people who use the package:',
    '',
    'How it was tried, beyond the tests (a project, a front door, a deployment):',
  ],
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY } },
  stale: false,
  codeCov: false,
  integrationTestAutoDiscover: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  gitignore: ['.cache/', '.jsii.tabl.json', 'cdk.out/', '__pycache__/', '*.egg-info/', 'examples/node_modules', '.venv/', '.mypy_cache/'],
  eslintOptions: {
    dirs: ['src', 'lambda-runtime'],
    // May import devDependencies; those of local/ are inlined into lib/local.
    devdirs: ['local', 'test', 'integ', 'examples', 'scripts'],
    ignorePatterns: ['*.d.ts', 'node_modules/', '*.generated.ts', 'coverage', 'cdk.out', 'test/frameworks/*/'],
  },
  tsconfig: { compilerOptions: { types: ['node'] } },
  tsconfigDev: {
    compilerOptions: { lib: ['es2024'], types: ['node', 'jest'] },
    include: ['../lambda-runtime/**/*.ts', '../local/**/*.ts', '../integ/**/*.ts', '../examples/**/*.ts'],
  },
  jestOptions: {
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      // A busy machine needs much more time than a test does.
      testTimeout: 120_000,
      // Test files share nothing, and many wait for programs that they start, so that no processor is left idle.
      maxWorkers: '100%',
      testSequencer: '<rootDir>/scripts/slow-first.cjs',
      collectCoverage: false,
      globalSetup: '<rootDir>/scripts/build-what-is-stale.mjs',
      setupFiles: ['<rootDir>/scripts/quick-synthesis.cjs'],
      // Watch mode runs the tests again when a file of these kinds in these folders changes.
      roots: ['src', 'lambda-runtime', 'local', 'test', 'integ', 'examples', 'docs', 'projenrc'].map((folder) => `<rootDir>/${folder}`),
      moduleFileExtensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'json', 'node', 'py', 'html', 'md'],
      // Tests write there.
      watchPathIgnorePatterns: ['/cdk\\.out/', '/\\.venv/', '/__pycache__/'],
    },
  },
});

// The runtime and the local front doors are not part of the jsii assembly: each has a tsconfig of its own.
const buildRuntime = project.addTask('build:runtime', {
  description: 'Type-check and bundle lambda-runtime/node and local into lib/',
  steps: [
    { exec: 'tsc -p lambda-runtime/node' },
    { exec: 'tsc -p local' },
    { exec: 'node scripts/bundle-runtime.mjs' },
    { exec: 'node scripts/bundle-local.mjs' },
    { exec: 'node scripts/link-examples.mjs' },
    { exec: 'node scripts/build-stamp.mjs build:runtime' },
  ],
});
project.postCompileTask.prependSpawn(buildRuntime);
project.compileTask.exec('node scripts/build-stamp.mjs compile');

// What needs the built package builds it, but only where it is stale. Jest does so itself: see globalSetup.
const BUILD_WHAT_IS_STALE = 'node scripts/build-what-is-stale.mjs';

// Test commands, described in docs/tests.md. `npm test` is all of them.
const CHECK_TYPES = 'tsc -p test/tsconfig.json --isolatedModules false';
const CHECK_SNIPPETS = 'jsii-rosetta extract --strict --output .cache/rosetta.json';
// Beside the linter, which takes as long as both.
project.testTask.updateStep(1, { exec: `node scripts/side-by-side.mjs 'npx projen eslint' '${CHECK_TYPES} && ${CHECK_SNIPPETS}'` });

project.addTask('test:unit', {
  description: 'Run the tests that are quick and download nothing',
  env: OFFLINE,
  exec: `jest --ci ${UNIT_TESTS}`,
  receiveArgs: true,
});
project.tasks.tryFind('test:watch')!.reset(`jest --watchAll ${UNIT_TESTS}`, { receiveArgs: true });
project.tasks.tryFind('test:watch')!.description = 'Build and run the quick tests after every change of a file';

for (const [name, { tests, description }] of Object.entries(TEST_PARTS)) {
  project.addTask(`test:${name}`, {
    description: `Run the tests of ${description}`,
    env: name === 'python-runtime' ? { EVERY_PYTHON: '1' } : undefined,
    exec: `jest --ci ${tests}`,
    receiveArgs: true,
  });
}
project.tasks.tryFind('test:docs')!.exec(CHECK_SNIPPETS);
project.addTask('test:types', { description: 'Check the types of all tests, examples and integration stacks', exec: CHECK_TYPES });

// Not part of `npm test`: Jest does not find files of this name by itself.
project.addTask('test:frameworks', {
  description: 'Build sites with Next, Nuxt and others on Node 22, and compare each behind all front doors with its own server; takes up to an hour',
  steps: [
    { exec: 'node scripts/install-test-toolchain.mjs node22' },
    {
      exec: ".cache/toolchain/node22/node_modules/node/bin/node node_modules/jest/bin/jest.js --testMatch '<rootDir>/test/frameworks/*.check.ts' --ci --runInBand",
      receiveArgs: true,
    },
  ],
});

project.addTask('test:emulator', {
  description: "Run the runtimes on AWS's Runtime Interface Emulator",
  exec: "jest --testMatch '<rootDir>/test/lambda-runtime/emulator/*.check.ts' --ci",
  receiveArgs: true,
});

project.addTask('test:website', {
  description: 'Compare a site that is built already behind all front doors with its own server: WEBSITE=site.json npm run test:website',
  steps: [
    { exec: 'node scripts/install-test-toolchain.mjs node22' },
    {
      exec: ".cache/toolchain/node22/node_modules/node/bin/node node_modules/jest/bin/jest.js --testMatch '<rootDir>/test/frameworks/website.compare.ts' --ci --runInBand",
      receiveArgs: true,
    },
  ],
});

project.addTask('test:tracing', {
  description: 'Run X-Ray, OpenTelemetry and Powertools, from their packages, in bundles on AWS\'s runtime clients',
  steps: [{ exec: "jest --testMatch '<rootDir>/test/tracing/*.check.ts' --ci --runInBand", receiveArgs: true }],
});

project.addTask('test:packages', {
  description: 'Compare what popular packages of npm export from a bundle with what they export on plain Node',
  steps: [{ exec: "jest --testMatch '<rootDir>/test/packages/*.check.ts' --ci --runInBand", receiveArgs: true }],
});

project.addTask('test:all-languages', {
  description: 'Compile and run stacks in Python, Java, Go and C# against the generated packages; needs Java, Maven and Go, and takes C# where there is a dotnet',
  steps: [{ exec: "jest --testMatch '<rootDir>/test/languages/*.{test,check}.ts' --ci --runInBand", receiveArgs: true }],
});

project.addTask('lint:workflows', {
  description: 'Check .github/workflows with actionlint, which is not among the packages: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  exec: 'actionlint -color -shellcheck= -pyflakes=', // the scripts of the steps are projen's
});

project.addTask('fuzz', {
  description: 'Send a million hostile events through each runtime; arguments: node or python, number of events, seed',
  exec: 'node scripts/fuzz.mjs',
  receiveArgs: true,
});

project.addTask('find-leaks', {
  description: 'Look for state that the requests of a Node app leave to one another; arguments: the file of the app, --path, --method, --requests',
  steps: [
    { exec: BUILD_WHAT_IS_STALE },
    { exec: 'ts-node --transpileOnly --project test/tsconfig.json test/lambda-runtime/node/find-leaks/main.ts', receiveArgs: true },
  ],
});

project.addTask('demo', {
  description: 'Serve examples/express behind all four front doors on this machine',
  steps: [
    { exec: BUILD_WHAT_IS_STALE },
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
      { target: './local', from: ['./src', './lambda-runtime'] },
      { target: './local/assembly', from: './local', except: ['./assembly'] },
      { target: './local/debug', from: './local', except: ['./debug', './assembly', './listen.ts', './workspace.ts'] },
      { target: './local/lambda', from: ['./local/front-doors', './local/inspector', './local/report', './local/reload', './local/init', './local/commands'] },
      { target: './local/front-doors', from: ['./local/inspector', './local/report', './local/reload', './local/init', './local/commands'] },
      { target: './local/inspector', from: ['./local/reload', './local/init', './local/commands'] },
      { target: './local/report', from: ['./local/inspector', './local/reload', './local/init', './local/commands'] },
      { target: './local/reload', from: ['./local/init', './local/commands'] },
      { target: './local/init', from: './local', except: ['./init'] },
      { target: './src/front-doors', from: './src', except: ['./front-doors'] },
      { target: './src/front-door.ts', from: './src', except: ['./front-doors'] },
      // What is experimental is like a user's own code: the core does not know it.
      { target: './src/cloudfront', from: './src', except: ['./cloudfront', './front-doors', './front-door.ts'] },
      { target: './src/wrapped-web-app.ts', from: './src/cloudfront' },
      { target: './src/app-source.ts', from: './src', except: ['./app-sources', './bundling'] },
      { target: './src/app-sources', from: './src', except: ['./app-sources', './bundling'] },
      { target: './src/bundling', from: './src', except: ['./bundling'] },
      { target: './src/wrapped-web-app.ts', from: './src/commands' },
      { target: './src/bundling/node', from: ['./src/bundling/python', './src/bundling/server'] },
      { target: './src/bundling/server', from: ['./src/bundling/python', './src/bundling/node'] },
      { target: './src/bundling/python', from: ['./src/bundling/node', './src/bundling/server'] },
      { target: './lambda-runtime/node/settings', from: './lambda-runtime/node', except: ['./settings'] },
      { target: './lambda-runtime/node/commands', from: './lambda-runtime/node', except: ['./commands', './settings'] },
      { target: './lambda-runtime/node/http', from: './lambda-runtime/node', except: ['./http', './settings'] },
      { target: './lambda-runtime/node/events', from: './lambda-runtime/node', except: ['./events', './http', './settings'] },
      { target: './lambda-runtime/node/invocations', from: './lambda-runtime/node', except: ['./invocations', './events', './http', './settings'] },
      { target: './lambda-runtime/node/respond', from: ['./lambda-runtime/node/apps', './lambda-runtime/node/lambda-handler.ts', './lambda-runtime/node/serve-module.ts', './lambda-runtime/node/serve-server.ts'] },
      { target: './lambda-runtime/node/apps', from: ['./lambda-runtime/node/respond', './lambda-runtime/node/lambda-handler.ts', './lambda-runtime/node/serve-module.ts', './lambda-runtime/node/serve-server.ts'] },
    ],
  }],
});

// V8 takes such a function for a method of a prototype, and allocates it in its old generation: what it refers to stays until the
// next full garbage collection. In the files that are left out it is made once for each process.
project.eslint?.addOverride({
  files: ['lambda-runtime/node/**/*.ts'],
  excludedFiles: ['serve-server.ts', 'code-cache.ts', 'load-app.ts', 'stack-traces.ts'].map((name) => `**/${name}`),
  rules: {
    'no-restricted-syntax': ['error', {
      selector: 'AssignmentExpression[left.type="MemberExpression"] > :matches(ArrowFunctionExpression, FunctionExpression).right',
      message: 'This function keeps its request in memory until a full garbage collection. Assign one that is made once, or an object with a method.',
    }],
  },
});

for (const path of ['/.cache/', '/.ci/', '/bench/', '/docs/', '/examples/', '/integ/', '/lambda-runtime/', '/local/', '/rosetta/', '/scripts/']) {
  project.addPackageIgnore(path);
}
// The Runtime API is compiled for tests and the bench only.
for (const path of ['!/lib/**/*.mjs', '!/lib/**/*.cjs', '/lib/local/runtime-api-server.js']) {
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

// The build job runs all tests on one pair of versions. These jobs run what can differ on the others.
const checkout = { ...github.WorkflowSteps.checkout(), with: { 'persist-credentials': false } };
const setupNode = (version: string) => ({
  name: 'Setup Node.js',
  uses: github.ActionRefs.ACTIONS_SETUP_NODE,
  with: { 'node-version': version, 'package-manager-cache': false },
});
const install = { name: 'Install dependencies', run: 'npm ci' };
const buildWorkflow = project.buildWorkflow!;

buildWorkflow.workflow.addJob('unit-tests', {
  runsOn: ['ubuntu-latest'],
  permissions: READ_ONLY,
  strategy: { failFast: false, matrix: { domain: { node: ['22', '24'] } } },
  steps: [checkout, setupNode('${{ matrix.node }}'), SETUP_PYTHON, install, { name: 'Run the unit tests', run: 'npm run test:unit' }],
});
buildWorkflow.workflow.addJob('python-runtime', {
  runsOn: ['ubuntu-latest'],
  permissions: READ_ONLY,
  strategy: { failFast: false, matrix: { domain: { python: ['3.10', '3.11', '3.12', '3.13', '3.14'] } } },
  steps: [
    checkout,
    setupNode(WORKFLOW_NODE),
    { ...SETUP_PYTHON, with: { 'python-version': '${{ matrix.python }}' } },
    install,
    { name: 'Run the tests of the Python runtime', run: 'npm run test:python-runtime' },
  ],
});
buildWorkflow.workflow.addJob('languages', {
  runsOn: ['ubuntu-latest'],
  permissions: READ_ONLY,
  steps: [
    checkout,
    setupNode(WORKFLOW_NODE),
    SETUP_PYTHON,
    { name: 'Setup Java', uses: github.ActionRefs.ACTIONS_SETUP_JAVA, with: { 'distribution': 'corretto', 'java-version': '17' } },
    { name: 'Setup Go', uses: github.ActionRefs.ACTIONS_SETUP_GO, with: { 'go-version': '^1.23.0', 'cache': false } },
    { name: 'Setup .NET', uses: github.ActionRefs.ACTIONS_SETUP_DOTNET, with: { 'dotnet-version': '8.x', 'cache': false } },
    install,
    { name: 'Build', run: 'npx projen compile' },
    { name: 'Run the stacks in all languages', run: 'npm run test:all-languages' },
  ],
});
// The devDependencies need a later Node than the package does, and so only the package itself is tried on Node 20.
buildWorkflow.addPostBuildJob('package-on-node-20', {
  runsOn: ['ubuntu-latest'],
  permissions: READ_ONLY,
  strategy: { failFast: false, matrix: { domain: { node: [LOWEST_NODE, '20'] } } },
  steps: [
    { ...checkout, with: { ...checkout.with, path: 'repository' } },
    setupNode('${{ matrix.node }}'),
    SETUP_PYTHON,
    {
      name: 'Install the package in a new project',
      run: `mkdir project && cd project && npm init --yes && npm install ../dist/js/*.tgz aws-cdk-lib@${CDK_VERSION} constructs@^10.5.1`,
    },
    { name: 'Bundle and serve apps', run: 'node repository/scripts/try-package.mjs project' },
  ],
});

// Links within the repository are tested; those that lead out of it fail for reasons of others, so they stop nobody's pull request.
const links = project.github!.addWorkflow('links');
links.on({ schedule: [{ cron: '0 6 * * 1' }], workflowDispatch: {} });
links.addJob('check', {
  runsOn: ['ubuntu-latest'],
  permissions: READ_ONLY,
  steps: [
    checkout,
    {
      name: 'Check the links of the pages',
      uses: 'lycheeverse/lychee-action@8646ba30535128ac92d33dfc9133794bfdd9b411', // v2.8.0
      with: { args: "--no-progress --max-concurrency 4 --exclude-path node_modules './**/*.md'", fail: true },
    },
  ],
});

// The Python runtime is a package of its own, for those who call it without the construct.
project.release!.addJobs({
  release_python_runtime: {
    name: 'Publish the Python runtime to PyPI',
    needs: ['release'],
    runsOn: ['ubuntu-latest'],
    permissions: { ...READ_ONLY, idToken: github.workflows.JobPermission.WRITE },
    if: "needs.release.outputs.tag_exists != 'true' && needs.release.outputs.latest_commit == github.sha",
    steps: [
      checkout,
      setupNode(WORKFLOW_NODE),
      SETUP_PYTHON,
      {
        name: 'Download build artifacts',
        uses: github.ActionRefs.ACTIONS_DOWNLOAD_ARTIFACT,
        with: { 'artifact-ids': '${{ needs.release.outputs.artifact_id }}', 'path': 'released' },
      },
      { name: 'Install uv', run: 'pip install uv==0.13.9' },
      { name: 'Build', run: 'node scripts/package-python-runtime.mjs "$(cat released/version.txt)" dist/python' },
      {
        name: 'Release',
        env: { PYPI_TRUSTED_PUBLISHER: 'true', PUBLIB_DRYRUN: '${{ inputs.dry_run }}' },
        run: `npx -p publib@${PUBLIB_VERSION} publib-pypi`,
      },
    ],
  },
});

// projen's own jobs keep the token in .git/config and let the release job write; none of their steps pushes.
const releaseWorkflow = project.github!.tryFindWorkflow('release')!;
const CHECKOUTS = [
  { workflow: buildWorkflow.workflow, jobs: { 'build': 0, 'package-js': 4, 'package-java': 5, 'package-python': 5, 'package-dotnet': 5, 'package-go': 5 } },
  { workflow: releaseWorkflow, jobs: { release_npm: 4, release_maven: 5, release_pypi: 5, release_nuget: 5, release_golang: 5 } },
];
for (const { workflow, jobs } of CHECKOUTS) {
  for (const [job, step] of Object.entries(jobs)) {
    const path = `/jobs/${job}/steps/${step}`;
    workflow.file!.patch(JsonPatch.test(`${path}/name`, 'Checkout'), JsonPatch.add(`${path}/with/persist-credentials`, false));
  }
}
releaseWorkflow.file!.patch(JsonPatch.replace('/jobs/release/permissions/contents', 'read'));

// Pinned to commits: each is the one of the tag beside it in the action's repository.
for (const [action, commit] of Object.entries({
  'actions/checkout': '3d3c42e5aac5ba805825da76410c181273ba90b1', // v7.0.1
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python': '5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'actions/setup-java': 'b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  'actions/setup-dotnet': 'a98b56852c35b8e3190ac28c8c2271da59106c68', // v6.0.0
  'actions/setup-go': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'amannn/action-semantic-pull-request': '48f256284bd46cdaab1048c3721360e808335d50', // v6.1.1
  'peter-evans/create-pull-request': '5f6978faf089d4d20b00c7766989d076bb2fc7f1', // v8.1.1
  'actions/upload-artifact': 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', // v7.0.0
  'actions/download-artifact': '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', // v8.0.1
})) {
  project.github!.actions.set(action, `${action}@${commit}`);
}

project.synth();
