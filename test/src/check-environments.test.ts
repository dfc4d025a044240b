import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { testStack } from './synthesis';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../src';

const SNAP_START = { snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS, aliasName: 'live' };
const PROVISIONED = { aliasName: 'live', aliasOptions: { provisionedConcurrentExecutions: 2 } };
const STREAMING = { responseStreaming: true };
const BACKGROUND = { backgroundWork: true };
const WARM_UP = { warmUp: '/health' };
const LOOP = { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapped_web_app_runtime/stream-responses.sh' } };
const NODE = { runtime: lambda.Runtime.NODEJS_22_X };
const PYTHON = { runtime: lambda.Runtime.PYTHON_3_13 };

type Props = Partial<WrappedWebAppProps>;

function make(props: Props): { stack: cdk.Stack; web: WrappedWebApp } {
  const stack = testStack();
  const isPython = props.runtime?.family === lambda.RuntimeFamily.PYTHON;
  const code = lambda.Code.fromBucket(s3.Bucket.fromBucketName(stack, 'Builds', 'builds'), 'app.zip');
  const needsLoop = isPython && (props.responseStreaming || props.backgroundWork);
  const web = new WrappedWebApp(stack, 'Web', { entry: AppSource.prebuilt(code, 'index.main'), ...needsLoop && LOOP, ...props });
  return { stack, web };
}

function onManagedInstances(props: Props): Template {
  const { stack, web } = make({ memorySize: 2048, ...props });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const securityGroups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
  new lambda.CapacityProvider(stack, 'Provider', { subnets: vpc.privateSubnets, securityGroups }).addFunction(web.handler);
  return Template.fromStack(stack);
}

const RUNTIMES = [['Node', NODE], ['Python', PYTHON]] as const;
const MODES = [['buffered', {}], ['streamed', STREAMING], ['backgroundWork', BACKGROUND], ['warmUp', WARM_UP]] as const;
const each = RUNTIMES.flatMap(([runtime, runtimeProps]) => (
  MODES.map(([mode, modeProps]) => [runtime, mode, { ...runtimeProps, ...modeProps }] as const)
));

/** The table of docs/concurrency.md: what is refused, by runtime and mode. */
const REFUSED: Record<string, Record<string, string>> = {
  'Managed Instances': {
    'Python, streamed': '[Stack/Web] a Python app cannot have both a capacity provider and responseStreaming, because the runtime loop '
      + 'that does it takes one request at a time; drop one of them',
    'Python, backgroundWork': '[Stack/Web] a Python app cannot have both a capacity provider and backgroundWork, because the runtime loop '
      + 'that does it takes one request at a time; drop one of them',
  },
  'SnapStart': {
    ...Object.fromEntries(MODES.map(([mode]) => [`Node, ${mode}`, 'Stack/Web: snapStart does not work on nodejs22.x: AWS has it for Python 3.12 and later, and not for '
      + "Node; drop it, or have environments started in advance, e.g. with aliasName: 'live', aliasOptions: { provisionedConcurrentExecutions: 2 }"])),
    'Python, streamed': 'Stack/Web: a Python app cannot have both responseStreaming and snapStart',
    'Python, backgroundWork': 'Stack/Web: a Python app cannot have both backgroundWork and snapStart',
  },
  'provisioned concurrency': {},
};

describe.each([
  ['SnapStart', (props: Props) => Template.fromStack(make({ ...props, ...SNAP_START }).stack), { SnapStart: { ApplyOn: 'PublishedVersions' } }],
  ['provisioned concurrency', (props: Props) => Template.fromStack(make({ ...props, ...PROVISIONED }).stack), {}],
  ['Managed Instances', onManagedInstances, { CapacityProviderConfig: {} }],
] as const)('%s', (feature, synthesize, properties) => {
  test.each(each)('%s, %s: works, or is refused at synth', (runtime, mode, props) => {
    const refusal = REFUSED[feature][`${runtime}, ${mode}`];
    if (refusal !== undefined) {
      expect(() => synthesize(props)).toThrow(refusal);
    } else {
      synthesize(props).hasResourceProperties('AWS::Lambda::Function', properties);
    }
  });
});

test('docs/concurrency.md says the same', () => {
  const rows = readFileSync(join(__dirname, '../../docs/concurrency.md'), 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  for (const [runtime, mode] of each) {
    const name = `${runtime}, ${mode}`;
    const cells = rows.find(([, first]) => first === name)!.slice(2, 5).map((cell) => cell.split(':')[0]);
    const works = (feature: string) => (REFUSED[feature][name] === undefined ? 'works' : 'refused');
    expect([name, ...cells]).toEqual([name, works('SnapStart'), works('provisioned concurrency'), works('Managed Instances')]);
  }
});

test('SnapStart fails with provisioned concurrency, wherever it is set', () => {
  const problem = 'Stack/Web: a function cannot have both snapStart and provisionedConcurrentExecutions, got 2; drop one of them';
  expect(() => make({ ...PYTHON, ...SNAP_START, ...PROVISIONED })).toThrow(problem);
  expect(() => make({ ...PYTHON, ...SNAP_START, currentVersionOptions: { provisionedConcurrentExecutions: 2 } })).toThrow(problem);
});

test.each<[string, Props, string]>([
  ['Node 20', { runtime: lambda.Runtime.NODEJS_20_X }, 'a capacity provider needs Node 22 or later, got nodejs20.x; choose another runtime'],
  ['Python 3.12', { runtime: lambda.Runtime.PYTHON_3_12 }, 'a capacity provider needs Python 3.13 or later, got python3.12; choose another runtime'],
  ['SnapStart', { ...PYTHON, ...SNAP_START }, 'a function with a capacity provider cannot have snapStart: its environments are started in advance; drop snapStart'],
  ['provisioned concurrency', PROVISIONED, 'a function with a capacity provider cannot have provisionedConcurrentExecutions, got 2; '
    + 'drop it, and set minExecutionEnvironments with the capacity provider'],
  ['reserved concurrency', { reservedConcurrentExecutions: 10 }, 'a function with a capacity provider cannot have reservedConcurrentExecutions, got 10; '
    + 'drop it, and set maxExecutionEnvironments with the capacity provider'],
  ['the default memory', { memorySize: undefined },
    'a function with a capacity provider needs a memorySize of 2048 MB or more, got the default, 1024; set memorySize'],
  ['1,769 MB', { memorySize: 1769 }, 'a function with a capacity provider needs a memorySize of 2048 MB or more, got 1769; set memorySize'],
])('Managed Instances fail with %s', (_, props, problem) => {
  expect(() => onManagedInstances(props)).toThrow(`[Stack/Web] ${problem}`);
});

test.each([lambda.Runtime.NODEJS_24_X, new lambda.Runtime('python3.14', lambda.RuntimeFamily.PYTHON), lambda.Runtime.PROVIDED_AL2023])(
  'Managed Instances run %s', (runtime) => {
    onManagedInstances({ runtime }).hasResourceProperties('AWS::Lambda::Function', { CapacityProviderConfig: {} });
  },
);
