import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { writeAssembly } from './fixtures/assembly';
import { send } from './fixtures/http-client';
import { lines, serveAssembly, shown } from './fixtures/serving';
import { ChangeableTemplate } from './fixtures/template';
import { readOutputsFile } from '../../local/assembly/outputs-file';
import { ServeOptions } from '../../local/serve';

/** A function with a URL. */
function appOf(id: string, variables: object = {}): ChangeableTemplate['Resources'] {
  const arn = { 'Fn::GetAtt': [id, 'Arn'] };
  const permission = { Type: 'AWS::Lambda::Permission' };
  return {
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: `${id}.handler`, Runtime: 'nodejs24.x', Environment: { Variables: { WRAPPED_WEB_APP_DOORS: '[]', ...variables } } },
    },
    [`${id}Url`]: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: arn } },
    [`${id}UrlPermission`]: { ...permission, Properties: { Action: 'lambda:InvokeFunctionUrl', FunctionName: arn, FunctionUrlAuthType: 'NONE', Principal: '*' } },
    [`${id}Permission`]: { ...permission, Properties: { Action: 'lambda:InvokeFunction', FunctionName: arn, InvokedViaFunctionUrl: true, Principal: '*' } },
  };
}

const ANSWER = 'exports.handler = async () => ({ statusCode: 200, body: process.env.TABLE ?? "no table" });';

/** What each app answers. */
async function serve(assembly: string, options: Partial<ServeOptions> = {}): Promise<Record<string, string>> {
  const served = await serveAssembly(assembly, options);
  const answers = await Promise.all(served.doors.map(async (door) => [door.path, (await send(door.url)).body.toString()]));
  return Object.fromEntries(answers);
}

const FAILED = 'Internal Server Error';

test('an app without the value of a variable, and one without its bundle, do not stop the others', async () => {
  const Resources = { ...appOf('A', { TABLE: { Ref: 'Table' } }), ...appOf('B'), ...appOf('C'), Table: { Type: 'AWS::DynamoDB::Table' } };
  const assembly = writeAssembly({ Resources }, { 'A.js': ANSWER, 'B.js': ANSWER });
  const answers = await serve(assembly);
  expect(answers).toEqual({ 'Stack/A': FAILED, 'Stack/B': 'no table', 'Stack/C': FAILED });
  const text = lines.join('\n');
  expect(text).toContain('Stack/A: these environment variables cannot be resolved from the template:\n  TABLE: {"Ref":"Table"}: it exists only after a deployment');
  expect(text).toMatch(/Stack\/C: its asset .* has none of the files of handler 'C\.handler', .*it was not bundled; run 'cdk synth'/);
  await shown('502: the function failed: NotServed: Stack/A: these environment variables cannot be resolved from the template:');
});

test('apps that fail while they load do not stop the others, and each error is shown', async () => {
  const assembly = writeAssembly({ Resources: { ...appOf('A'), ...appOf('B'), ...appOf('C') } }, {
    'A.js': 'throw new Error("A is broken") // handler', 'B.js': ANSWER, 'C.js': 'require("missing-package") // handler',
  });
  const answers = await serve(assembly);
  expect(answers).toEqual({ 'Stack/A': FAILED, 'Stack/B': 'no table', 'Stack/C': FAILED });
  await shown('A is broken');
  await shown("Cannot find module 'missing-package'");
});

test('an app that is not chosen needs no values, and its doors are closed', async () => {
  const Resources = { ...appOf('A', { TABLE: { Ref: 'Table' } }), ...appOf('B'), Table: { Type: 'AWS::DynamoDB::Table' } };
  const assembly = writeAssembly({ Resources }, { 'A.js': ANSWER, 'B.js': ANSWER });
  expect(await serve(assembly, { names: ['Stack/B'] })).toEqual({ 'Stack/B': 'no table' });
  expect(lines.join('\n')).not.toContain('TABLE');
});

test('fails when no app can be served, with all reasons', async () => {
  const Resources = { ...appOf('A', { TABLE: { Ref: 'Table' } }), ...appOf('B'), Table: { Type: 'AWS::DynamoDB::Table' } };
  await expect(serve(writeAssembly({ Resources }, { 'A.js': ANSWER }))).rejects.toThrow(/^Stack\/A: these environment variables[^]*\nStack\/B: its asset/);
});

test('many apps are served, and each is loaded at its first request', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `App${index}`);
  const assembly = writeAssembly({ Resources: Object.assign({}, ...ids.map((id) => appOf(id))) }, Object.fromEntries(ids.map((id) => [`${id}.js`, ANSWER])));
  const served = await serveAssembly(assembly);
  expect(served.doors).toHaveLength(40);
  expect(lines).toContain('40 apps are served: each is loaded at its first request; choose some by name to have them loaded at once');
  for (const index of [0, 39]) expect((await send(served.doors[index].url)).body.toString()).toBe('no table');
});

describe('outputs of a deployed stack', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'outputs-'));
  const file = path.join(directory, 'outputs.json');

  afterAll(() => rmSync(directory, { recursive: true }));

  function write(content: unknown): string {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  const BUCKET_URL = { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] }, '/x']] };
  const TEMPLATE = {
    Resources: { ...appOf('A', { TABLE: { Ref: 'Table' } }), ...appOf('B', { TABLE: BUCKET_URL }), Table: { Type: 'AWS::DynamoDB::Table' }, Bucket: { Type: 'AWS::S3::Bucket' } },
    Outputs: { TableName: { Value: { Ref: 'Table' } }, Domain: { Value: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] } } },
  };

  test('are the values of variables', async () => {
    const assembly = writeAssembly(TEMPLATE, { 'A.js': ANSWER, 'B.js': ANSWER });
    const outputs = readOutputsFile(write({ Stack: { TableName: 'table-1', Domain: 'b.example' }, Other: {} }));
    expect(await serve(assembly, { outputs })).toEqual({ 'Stack/A': 'table-1', 'Stack/B': 'https://b.example/x' });
  });

  test('give way to the environment file', async () => {
    const assembly = writeAssembly(TEMPLATE, { 'A.js': ANSWER, 'B.js': ANSWER });
    const outputs = readOutputsFile(write({ Stack: { TableName: 'table-1', Domain: 'b.example' } }));
    expect(await serve(assembly, { outputs, environmentFile: new Map([['A.TABLE', 'mine']]), names: ['Stack/A'] })).toEqual({ 'Stack/A': 'mine' });
  });

  test('of another stack are told, since they give no values', async () => {
    const assembly = writeAssembly(TEMPLATE, { 'A.js': ANSWER, 'B.js': ANSWER });
    const options = { outputs: readOutputsFile(write({ Elsewhere: { TableName: 'x' } })), environmentFile: new Map([['TABLE', 'mine']]) };
    await serve(assembly, options);
    expect(lines).toContain('the outputs file has no stack of this cloud assembly: it has Elsewhere, and the assembly has Stack');
  });

  test.each<[string, unknown, RegExp]>([
    ['is no JSON', '{"Stack":', /^cannot read the outputs file .*outputs\.json: /],
    ['is a list', [], /has no outputs of stacks: expected \{"StackName": \{"OutputName": "value"\}\}, as 'cdk deploy --outputs-file/],
    ['has no stacks', { TableName: 'x' }, /has no outputs of stacks/],
  ])('fails on a file that %s', (_, content, message) => {
    expect(() => readOutputsFile(write(content))).toThrow(message);
  });
});

describe('a cloud assembly', () => {
  function change(assembly: string, file: string, edit: (text: string) => string): string {
    writeFileSync(path.join(assembly, file), edit(readFileSync(path.join(assembly, file), 'utf8')));
    return assembly;
  }

  const write = (): string => writeAssembly({ Resources: appOf('A') }, { 'A.js': ANSWER });

  test('of a newer version of the CDK is served, which is told', async () => {
    expect(await serve(change(write(), 'manifest.json', (text) => text.replace('54.0.0', '99.1.0')))).toEqual({ 'Stack/A': 'no table' });
    expect(lines.join('\n')).toMatch(/was written by a newer version of the CDK \(schema 99; known up to 55\)/);
  });

  test.each<[string, string, (text: string) => string, RegExp]>([
    ['whose manifest is cut off', 'manifest.json', (text) => text.slice(0, 100), /^cannot read .*manifest\.json: .*; if 'cdk synth' was interrupted or is still running, run it again$/],
    ['whose manifest is empty', 'manifest.json', () => '', /^cannot read .*manifest\.json: .*run it again$/],
    ['whose manifest is of something else', 'manifest.json', () => '{"name":"my-pwa"}', /is not a synthesized CDK app: its manifest\.json has no version, got undefined; run 'cdk synth' again$/],
    ['whose template is cut off', 'Stack.template.json', (text) => text.slice(0, 50), /^cannot read .*Stack\.template\.json: .*run it again$/],
    ['whose list of assets is empty', 'Stack.assets.json', () => '', /^cannot read .*Stack\.assets\.json: .*run it again$/],
  ])('fails %s', async (_, file, edit, message) => {
    await expect(serve(change(write(), file, edit))).rejects.toThrow(message);
  });

  test('fails without its template', async () => {
    const assembly = write();
    rmSync(path.join(assembly, 'Stack.template.json'));
    await expect(serve(assembly)).rejects.toThrow(/^cannot read .*Stack\.template\.json: ENOENT.*run it again$/);
  });
});
