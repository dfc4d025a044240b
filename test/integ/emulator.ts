import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { freePort } from '../../local/free-port';
import { findInterpreters, prepareTool } from '../lambda-runtime/python-environments';
import { scratchFolder } from '../src/synthesis';

const MINISTACK = 'ministack==1.5.33';
const CDK = path.join(__dirname, '../../node_modules/aws-cdk/bin/cdk');
const REGION = 'us-east-1';

/** What runs the emulator, and all Python functions in it. */
export const PYTHON = findInterpreters().at(-1)!;

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: any;
}

/** MiniStack: AWS's APIs on this machine, without Docker. It accepts the calls of the CDK CLI, and validates nothing. */
export class Emulator {
  /** The home and working directory of the CLI: it caches the account id in the home directory, and would read a cdk.json in the working directory. */
  private readonly home = scratchFolder();
  private process?: ChildProcess;
  private port = 0;

  /** @param variables environment variables of the emulator, which its functions inherit */
  public async start(variables: { [name: string]: string } = {}): Promise<void> {
    const python = path.join(prepareTool(MINISTACK), 'python');
    this.port = await freePort();
    this.process = spawn(python, ['-m', 'ministack'], {
      cwd: this.home,
      stdio: 'ignore',
      env: {
        ...process.env,
        HOME: this.home,
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(this.port),
        MINISTACK_HOST: `${REGION}.amazonaws.com`,
        DOCKER_HOST: 'unix:///nonexistent',
        // MiniStack runs every Node function on the first `node` on PATH.
        PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
        ...variables,
      },
    });
    for (let attempt = 0; attempt < 300; attempt++) {
      const { status } = await this.send('127.0.0.1', { path: '/_ministack/health' }).catch(() => ({ status: 0 }));
      if (status === 200) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error('MiniStack did not start within 30 seconds');
  }

  public async stop(): Promise<void> {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise(resolve => this.process!.on('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }

  /** The environment of a program that uses the emulator instead of AWS. */
  public get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.home,
      CI: '1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.port}`,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** Runs the CDK CLI against the emulator. */
  public cdk(...args: string[]): void {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CDK, ...args, '--no-notices', '--no-version-reporting'], {
      cwd: this.home,
      encoding: 'utf8',
      env: this.environment,
    });
    if (status !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  }

  /** Deploys the stacks of an assembly and returns their outputs, by stack and name. */
  public deploy(assembly: string): { [stack: string]: { [output: string]: string } } {
    const outputs = path.join(this.home, 'outputs.json');
    this.cdk('deploy', '--all', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputs);
    return JSON.parse(readFileSync(outputs, 'utf8'));
  }

  /** Sends a request to a URL of the emulator: with the host of the URL, but on a connection to this machine. */
  public async request(url: string, options: http.RequestOptions = {}, body?: string): Promise<Answer> {
    const { host, pathname, search } = new URL(url);
    return this.send(host, { path: pathname + search, ...options }, body);
  }

  /** Calls an AWS API that uses the query protocol. */
  public async call(service: string, parameters: { [name: string]: string }): Promise<string> {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await this.send('127.0.0.1', { path: '/', method: 'POST', headers }, new URLSearchParams(parameters).toString());
    if (status !== 200) throw new Error(`${service} ${parameters.Action} answered ${status}: ${body}`);
    return body;
  }

  /** Calls Lambda's API, and returns the JSON that it answers. */
  public async lambda(method: string, file: string, body?: object): Promise<any> {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/lambda/aws4_request, SignedHeaders=host, Signature=none`;
    const answer = await this.send('127.0.0.1', { path: file, method, headers: { authorization, 'content-type': 'application/json' } }, body && JSON.stringify(body));
    return typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body;
  }

  /** Reads from CloudFront's API, and returns the XML that it answers. */
  public async cloudFront(file: string): Promise<string> {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/cloudfront/aws4_request, SignedHeaders=host, Signature=none`;
    const { body } = await this.send('127.0.0.1', { path: `/2020-05-31/${file}`, headers: { authorization } });
    return body;
  }

  /** The resources of a deployed stack. */
  public async resourcesOf(stack: string): Promise<{ logicalId: string; physicalId: string; type: string }[]> {
    const xml = await this.call('cloudformation', { Action: 'DescribeStackResources', Version: '2010-05-15', StackName: stack });
    const resource = /<LogicalResourceId>(.*?)<.*?><PhysicalResourceId>(.*?)<.*?><ResourceType>(.*?)</g;
    return [...xml.matchAll(resource)].map(([, logicalId, physicalId, type]) => ({ logicalId, physicalId, type }));
  }

  /** Adds a function to a target group, because the emulator makes target groups without targets. */
  public async registerTarget(targetGroupArn: string, functionName: string): Promise<void> {
    await this.call('elasticloadbalancing', {
      'Action': 'RegisterTargets',
      'Version': '2015-12-01',
      'TargetGroupArn': targetGroupArn,
      'Targets.member.1.Id': `arn:aws:lambda:${REGION}:000000000000:function:${functionName}`,
    });
  }

  private async send(host: string, { headers, ...options }: http.RequestOptions, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Not on a connection that stays open: the emulator closes it while the CLI runs.
      const request = http.request({ agent: false, hostname: '127.0.0.1', port: this.port, headers: { ...headers as http.OutgoingHttpHeaders, host }, ...options }, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({ status: response.statusCode!, headers: response.headers, body: isJson ? JSON.parse(text) : text });
        });
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
