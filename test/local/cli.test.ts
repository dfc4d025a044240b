import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { writeAssembly } from './fixtures/assembly';
import { DOOR_NAMES } from './fixtures/doors';
import { send } from './fixtures/http-client';
import { get, HANDLER, PROGRAM_DIRECTORY, serveAssembly } from './fixtures/serving';
import { fourDoors } from './fixtures/template';
import { readEnvironmentFile } from '../../local/assembly/environment-file';

describe('the command', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints a line for each door and then ready, and stops everything on %s', async (signal) => {
    const pidFile = path.join(mkdtempSync(path.join(tmpdir(), 'pid-')), 'pid');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${HANDLER}`;
    const child = spawn(process.execPath, [path.join(PROGRAM_DIRECTORY, 'cli.js'), 'serve', writeAssembly(fourDoors(), { 'index.js': code }), '--port-base', '0']);
    const printed: string[] = [];
    await new Promise<void>((resolve) => createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      if (line === 'ready') resolve();
    }));
    expect(printed.map((line) => line.replace(/:\d+/, ':PORT'))).toEqual([
      ...DOOR_NAMES.map((name) => `${name.padEnd(12)}  Stack/Web  http://127.0.0.1:PORT/${name === 'rest-api' ? 'live/' : ''}`),
      'inspector                http://127.0.0.1:PORT/',
      'ready',
    ]);
    await send(printed[0].split(/ +/)[2]);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(process.kill(pid, 0)).toBe(true);

    const exit = new Promise((resolve) => child.on('exit', resolve));
    child.kill(signal);
    expect(await exit).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });


  function run(...args: string[]) {
    return spawnSync(process.execPath, [path.join(PROGRAM_DIRECTORY, 'cli.js'), ...args], { encoding: 'utf8', timeout: 20_000 });
  }

  test.each([
    ['its commands', ['--help'], 'Usage: cdk-wrapped-web-app <command> [options]'],
    ['the options of a command', ['serve', '--help'], 'Usage: cdk-wrapped-web-app serve [cdk.out [names...]] [options]'],
    ['the options of a command that is incomplete', ['serve', '--porty', '-h'], 'Usage: cdk-wrapped-web-app serve [cdk.out [names...]] [options]'],
  ])('shows %s', (_, args, usage) => {
    const { status, stdout } = run(...args);
    expect([status, stdout]).toEqual([0, expect.stringContaining(usage)]);
  });

  test.each([
    ['no command', [], 2, /no command given/],
    ['another command', ['deploy'], 2, /expected a command, one of serve, run, init; got 'deploy'/],
    ['an unknown option', ['serve', '--porty', '1'], 2, /--porty/],
    ['an invalid port', ['serve', '--port-base', 'x'], 2, /--port-base must be a port from 0 to 65535, got 'x'/],
    ['a folder that is not a cloud assembly', ['serve', '/nowhere'], 1, /\/nowhere is not a synthesized CDK app: it has no manifest\.json; run 'cdk synth' first/],
  ])('fails on %s', (_, args, status, message) => {
    const result = run(...args as string[]);
    expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)]);
    expect(result.stderr).not.toContain('    at ');
  });

  test.each([['18.20.8', 'this command runs on Node.js 18.20.8, but needs 20.1 or later: what it shows may be wrong; update Node.js on this machine\n'], ['20.1.0', '']])(
    'on Node %s, begins with %j', (version, warning) => {
      const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'node-')), 'pretend.cjs');
      writeFileSync(file, pretend);
      const { status, stderr } = spawnSync(process.execPath, ['--require', file, path.join(PROGRAM_DIRECTORY, 'cli.js'), '--help'], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, warning]);
    });

  test('fails when no function is a wrapped web app', () => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Environment = {};
    expect(run('serve', writeAssembly(json, { 'index.js': HANDLER })).stderr).toContain('has no wrapped web app: no function with the variable WRAPPED_WEB_APP_DOORS in Stack');
  });

  test('lists all environment variables without a value, reads values from a file, and has those of the log', async () => {
    const json = fourDoors();
    Object.assign(json.Resources.Handler.Properties!.Environment.Variables, {
      TABLE: { Ref: 'Table' },
      QUEUE: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      KNOWN: { 'Fn::Sub': '${AWS::StackName}-x' },
    });
    json.Resources.Handler.Properties!.LoggingConfig = { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' };
    json.Resources.Table = { Type: 'AWS::DynamoDB::Table' };
    json.Resources.Queue = { Type: 'AWS::SQS::Queue' };
    const assembly = writeAssembly(json, { 'index.js': HANDLER });
    const { status, stderr } = run('serve', assembly);
    expect(status).toBe(1);
    expect(stderr).toBe([
      'Stack/Web/Handler: these environment variables cannot be resolved from the template:',
      '  TABLE: {"Ref":"Table"}: it exists only after a deployment',
      '  QUEUE: {"Fn::GetAtt":["Queue","Arn"]}: it exists only after a deployment',
      'write them to a file as NAME=value, or Handler.NAME=value for this function only, and pass it with --env-file; or pass the outputs of its deployed stack with --outputs',
      '',
    ].join('\n'));

    const file = path.join(mkdtempSync(path.join(tmpdir(), 'env-')), 'values.env');
    writeFileSync(file, '# of the test stack\n\nTABLE=table-1\nexport QUEUE="arn:of:all"\nHandler.QUEUE=arn:of:this\n');
    const served = await serveAssembly(assembly, { environmentFile: readEnvironmentFile(file) });
    const { env } = JSON.parse((await get(served, 'http-api', '/?do=context')).body.toString());
    expect(env).toMatchObject({ TABLE: 'table-1', QUEUE: 'arn:of:this', KNOWN: 'Stack-x', AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'WARN' });
  });
});
