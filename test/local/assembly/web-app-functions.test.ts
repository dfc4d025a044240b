import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { TemplateJson } from '../../../local/assembly/stack-template';
import { findWebAppFunctions, WebAppFunction } from '../../../local/assembly/web-app-functions';
import { stackTemplate } from '../fixtures/template';

const asset = mkdtempSync(path.join(tmpdir(), 'asset-'));
writeFileSync(path.join(asset, 'index.js'), 'exports.handler = () => {}');
afterAll(() => rmSync(asset, { recursive: true }));

const MARK = { WRAPPED_WEB_APP_DOORS: '[]' };

function stackWith(properties: object, rest: TemplateJson = {}, Condition?: string): SynthesizedStack {
  const template = stackTemplate({
    ...rest,
    Resources: {
      ...rest.Resources,
      Handler: {
        Type: 'AWS::Lambda::Function',
        Condition,
        Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Key: 'code.zip' }, Environment: { Variables: MARK }, ...properties },
      },
    },
  });
  return { path: 'Stack', template, assets: new Map([['code.zip', asset]]), constructPath: (logicalId) => `Stack/${logicalId}` };
}

function find(stack: SynthesizedStack, environmentFile: [string, string][] = []): WebAppFunction[] {
  return findWebAppFunctions(stack, new Map(environmentFile));
}

const REST: TemplateJson = {
  Parameters: { Stage: { Type: 'String', Default: 'prod' }, Seconds: { Type: 'Number', Default: 7 }, Unset: { Type: 'String' } },
  Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] } },
  Resources: { Table: { Type: 'AWS::DynamoDB::Table' }, TestTable: { Type: 'AWS::DynamoDB::Table', Condition: 'IsTest' } },
};

test('settings and variables are resolved from parameters and conditions', () => {
  const [webApp] = find(stackWith({
    FunctionName: { 'Fn::Join': ['-', ['app', { Ref: 'Stage' }]] },
    Timeout: { Ref: 'Seconds' },
    MemorySize: { 'Fn::If': ['IsProd', 2048, 128] },
    Environment: {
      Variables: {
        ...MARK,
        STAGE: { 'Fn::Sub': 'stage ${Stage}' },
        SECONDS: { Ref: 'Seconds' },
        TABLE: { 'Fn::If': ['IsTest', { Ref: 'TestTable' }, 'fixed'] },
        GONE: { 'Fn::If': ['IsTest', 'x', { Ref: 'AWS::NoValue' }] },
      },
    },
  }, REST));
  expect(webApp).toMatchObject({ name: 'app-prod', arn: 'arn:aws:lambda:us-west-2:910345601053:function:app-prod', timeout: 7, memorySize: 2048 });
  expect(webApp.environment).toEqual({ ...MARK, STAGE: 'stage prod', SECONDS: '7', TABLE: 'fixed' });
});

test('a function whose condition is false does not exist', () => {
  expect(find(stackWith({}, REST, 'IsTest'))).toEqual([]);
  expect(find(stackWith({}, REST, 'IsProd'))).toHaveLength(1);
});

test('variables that cannot be resolved are a problem of the function, and are read from the file', () => {
  const stack = stackWith({
    Environment: {
      Variables: { ...MARK, A: { Ref: 'Unset' }, B: { 'Fn::Join': ['', ['x-', { Ref: 'Table' }]] }, C: '{{resolve:secretsmanager:key}}', D: { Ref: 'Stage' } },
    },
  }, REST);
  expect(find(stack)[0].problems).toEqual([[
    'Stack/Handler: these environment variables cannot be resolved from the template:',
    '  A: {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one',
    '  B: {"Ref":"Table"}: it exists only after a deployment',
    '  C: "{{resolve:secretsmanager:key}}": CloudFormation looks this up at the deployment',
    'write them to a file as NAME=value, or Handler.NAME=value for this function only, and pass it with --env-file; or pass the outputs of its deployed stack with --outputs',
  ].join('\n')]);
  const [{ environment, problems }] = find(stack, [['A', '1'], ['Handler.B', '2'], ['C', '3'], ['D', '4']]);
  expect(problems).toEqual([]);
  expect(environment).toEqual({ ...MARK, A: '1', B: '2', C: '3', D: '4' });
});

test.each(['FunctionName', 'Timeout', 'MemorySize', 'Handler', 'Runtime'])('%s that cannot be resolved is a problem of the function', (property) => {
  expect(find(stackWith({ [property]: { Ref: 'Unset' } }, REST))[0].problems).toEqual([
    `Stack/Handler: cannot resolve ${property} from the template, got {"Ref":"Unset"}: parameter 'Unset' has no default; give it one`,
  ]);
});

test('code that is missing is a problem of the function', () => {
  expect(find(stackWith({ Code: { S3Key: 'elsewhere.zip' } }))[0].problems).toEqual([expect.stringMatching(/^Stack\/Handler: its code is not an asset of this cdk\.out/)]);
  expect(find(stackWith({ Handler: 'gone.handler' }))[0].problems).toEqual([expect.stringMatching(/^Stack\/Handler: its asset .* it was not bundled; run 'cdk synth'/)]);
});

test.each([
  [{ LogFormat: 'JSON', ApplicationLogLevel: 'WARN' }, 'WARN'],
  [{ LogFormat: 'JSON' }, 'INFO'],
  [{ LogFormat: 'Text' }, undefined],
  [undefined, undefined],
])('the log of a function with %j is in JSON from level %s on', (LoggingConfig, level) => {
  expect(find(stackWith({ LoggingConfig }))[0].jsonLogLevel).toBe(level);
});
