import { ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as ts from 'typescript';
import { APPS, AppKind, requestsOf } from './kinds';
import { Answer } from '../behaviours/behaviour';
import { exchange } from '../behaviours/raw-client';

const COMPILED = join(__dirname, '../../../..', '.cache/tests/app-kinds');

/** A file that Node can run without a bundler. TypeScript is compiled into the cache, with the other files of its folder. */
function runnable(file: string): string {
  if (!/ts$/.test(file)) {
    return join(APPS, file);
  }
  const source = dirname(join(APPS, file));
  const target = join(COMPILED, dirname(file));
  mkdirSync(target, { recursive: true });
  copyFileSync(join(source, 'package.json'), join(target, 'package.json'));
  const isModule = file.endsWith('.mts') || JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).type === 'module';
  for (const name of readdirSync(source).filter((each) => parse(each).ext === parse(file).ext)) {
    // JavaScript files of the folder are imported from their original place.
    const code = readFileSync(join(source, name), 'utf8').replace(/'\.\/(\S+\.[cm]js)'/g, `'${source}/$1'`);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    });
    writeFileSync(join(target, name.replace(/ts$/, 'js')), outputText);
  }
  return join(target, parse(file).base.replace(/ts$/, 'js'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The responses of the app on a plain server. */
export async function plainAnswers(kind: AppKind): Promise<Answer[]> {
  const port = await freePort();
  const socket = join('/tmp', `wrapped-web-app-${process.pid}-${port}.sock`);
  const onPath = kind.file === 'listens-on-path.cjs';
  const program = join(__dirname, 'serve-plainly.mjs');
  const child = spawn(process.execPath, [program, runnable(kind.file), kind.plain, ...kind.exportName ? [kind.exportName] : []], {
    cwd: APPS,
    env: { ...process.env, NODE_ENV: 'production', ...kind.plain === 'listens' ? { PORT: String(port), SOCKET: socket } : {} },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let problems = '';
  child.stderr.on('data', (chunk) => {
    problems += chunk;
  });
  try {
    const address = onPath ? { path: socket } : { host: '127.0.0.1', port: kind.plain === 'listens' ? port : Number(await firstLine(child, () => problems)) };
    await untilItServes(address, () => problems);
    const answers: Answer[] = [];
    for (const request of requestsOf(kind)) {
      answers.push(await exchange(address, request));
    }
    return answers;
  } finally {
    child.kill('SIGKILL');
  }
}

async function firstLine(child: ChildProcess, problems: () => string): Promise<string> {
  for await (const chunk of child.stdout!) {
    return String(chunk).trim();
  }
  throw new Error(`the app ended before it accepted requests: ${problems()}`);
}

async function untilItServes(address: { host: string; port: number } | { path: string }, problems: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await exchange(address, { target: '/missing' }).catch(() => undefined);
    if (answer?.status !== undefined) {
      return;
    }
    await sleep(50);
  }
  throw new Error(`the app does not accept requests: ${problems()}`);
}
