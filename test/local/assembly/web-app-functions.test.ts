import { tmpdir } from 'node:os';
import { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { TemplateJson } from '../../../local/assembly/stack-template';
import { findWebAppFunctions, WebAppFunction } from '../../../local/assembly/web-app-functions';
import { stackTemplate } from '../fixtures/template';

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
  return { path: 'Stack', template, assets: new Map([['code.zip', tmpdir()]]), constructPath: (logicalId) => `Stack/${logicalId}` };
}

function find(stack: SynthesizedStack, environmentFile: [string, string][] = []): Promise<WebAppFunction[]> {
  return findWebAppFunctions(stack, new Map(environmentFile));
}

const REST: TemplateJson = {
  Parameters: { Stage: { Type: 'String', Default: 'prod' }, Seconds: { Type: 'Number', Default: 7 }, Unset: { Type: 'String' } },
  Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] } },
  Resources: { Table: { Type: 'AWS::DynamoDB::Table' }, TestTable: { Type: 'AWS::DynamoDB::Table', Condition: 'IsTest' } },
};

test('settings and variables are resolved from parameters and conditions', async () => {
  const [webApp] = await find(stackWith({
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

test('a function whose condition is false does not exist', async () => {
  expect(await find(stackWith({}, REST, 'IsTest'))).toEqual([]);
  expect(await find(stackWith({}, REST, 'IsProd'))).toHaveLength(1);
});

test('fails on variables that cannot be resolved, and reads them from the file', async () => {
  const stack = stackWith({
    Environment: {
      Variables: { ...MARK, A: { Ref: 'Unset' }, B: { 'Fn::Join': ['', ['x-', { Ref: 'Table' }]] }, C: '{{resolve:secretsmanager:key}}', D: { Ref: 'Stage' } },
    },
  }, REST);
  await expect(find(stack)).rejects.toThrow(`${[
    'Stack/Handler: these environment variables cannot be resolved from the template:',
    '  A: {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one',
    '  B: {"Ref":"Table"}: it exists only after a deployment',
    '  C: "{{resolve:secretsmanager:key}}": CloudFormation looks this up at the deployment',
    'write them to a file as NAME=value, or Handler.NAME=value for this function only, and pass it with --env-file',
  ].join('\n')}`);
  const [{ environment }] = await find(stack, [['A', '1'], ['Handler.B', '2'], ['C', '3'], ['D', '4']]);
  expect(environment).toEqual({ ...MARK, A: '1', B: '2', C: '3', D: '4' });
});

test.each(['FunctionName', 'Timeout', 'MemorySize', 'Handler', 'Runtime'])('fails when %s cannot be resolved', async (property) => {
  await expect(find(stackWith({ [property]: { Ref: 'Unset' } }, REST))).rejects.toThrow(
    `Stack/Handler: cannot resolve ${property} from the template, got {"Ref":"Unset"}: parameter 'Unset' has no default; give it one`);
});
