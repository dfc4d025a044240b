import { ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { Answer, Answers, simplify } from './answers';
import { eventOf, PageRequest } from './events';
import { freePort } from '../../../local/free-port';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { RuntimeApiServer } from '../../../local/lambda/runtime-api-server';
import { answer, doorOf } from '../../local/fixtures/doors';
import { send } from '../../local/fixtures/http-client';

/** Headers of the connection, which a front door makes anew. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'date', 'transfer-encoding', 'content-length'];

/** What a program answers that listens on the address in `PORT` and `AWS_LAMBDA_HTTP_ENDPOINT`, to the requests of live captures. */
export async function answersOfServer(file: string, requests: readonly PageRequest[], options: { cwd: string }): Promise<Answer[]> {
  return withServer(file, options.cwd, async (port) => {
    const answers: Answer[] = [];
    for (const request of requests) {
      const { rawPath, rawQueryString, headers, cookies, body, isBase64Encoded } = eventOf('http-api', request);
      const all: [string, string][] = Object.entries<string>(headers).filter(([name]) => name !== 'host' && name !== 'content-length');
      const response = await send(`http://127.0.0.1:${port}/`, {
        method: request.method,
        path: `${encodeURI(rawPath)}?${rawQueryString}`,
        headers: [...all, ['cookie', cookies.join('; ')]],
        body: body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
      });
      const kept = Object.entries(response.headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
      answers.push({ status: response.status, headers: Object.fromEntries(kept), body: response.body.toString('latin1') });
    }
    return answers;
  });
}

/** What the same program answers to the events themselves, with the AWS Lambda Web Adapter in front of it. */
export async function answersOfWebAdapter(
  adapter: string, doors: readonly FrontDoorName[], file: string, requests: readonly PageRequest[], options: { cwd: string },
): Promise<Answers> {
  return withServer(file, options.cwd, async (port) => {
    let ready = () => undefined as void;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const api = await RuntimeApiServer.start({ onNext: () => ready() });
    const child = spawn(adapter, [], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: api.address, AWS_LWA_PORT: String(port), AWS_LWA_HOST: '127.0.0.1', ...LAMBDA_VARIABLES },
    });
    try {
      await isReady;
      const answers: Answers = {};
      for (const [door, request] of doors.flatMap(one => requests.map(each => [one, each] as const))) {
        const result = await new Promise<Buffer>((resolve, reject) => api.invoke({
          event: JSON.stringify(eventOf(door, request)),
          timeoutMs: 20_000,
          headers: { 'invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:web', 'trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700' },
          onAnswer: given => (given.kind === 'response' ? resolve(given.body) : reject(new Error(`the adapter answered with ${given.kind}: ${given.body}`))),
        }));
        (answers[door] ??= []).push(simplify(await answer(doorOf(door), JSON.parse(result.toString()))));
      }
      return answers;
    } finally {
      child.kill('SIGKILL');
      api.close();
    }
  });
}

const LAMBDA_VARIABLES = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'web',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/web',
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]web',
};

async function withServer<T>(file: string, cwd: string, use: (port: number) => Promise<T>): Promise<T> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), AWS_LAMBDA_HTTP_ENDPOINT: `127.0.0.1:${port}` },
  });
  try {
    await listening(port, child);
    return await use(port);
  } finally {
    child.kill('SIGKILL');
  }
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => socket.destroy()).on('connect', () => socket.end());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the server ended with ${child.exitCode}`);
}
