import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { RuntimeApiServer } from '../../lib/local/runtime-api-server.js';
import { OF_FUNCTION } from '../runtime-api/function-variables.mjs';

/** What Lambda starts Node with, for a function with 1,024 MB. */
const NODE_FLAGS = ['--expose-gc', '--max-http-header-size', '81920', '--max-semi-space-size=51', '--max-old-space-size=921'];

/**
 * Starts one environment on AWS's own runtime client, sends it events, and ends it.
 *
 * @param {{ command: string[], directory: string, handler: string, environment: Record<string, string>, event: string }} asset
 * @param {number} count of events
 * @returns {Promise<{ marks: Array<{ cpu: number, wall: number }>, rss: number[], results: string[] }>} `marks[i]`: the
 *   milliseconds until the client asked for event i; `rss[i]`: the bytes of memory then
 */
export async function start({ command, directory, handler, environment, event }, count) {
  const marks = [];
  const rss = [];
  const results = [];
  let log = '';
  let child;
  let began;
  let end;
  const ended = new Promise((resolve, reject) => {
    end = { resolve, reject };
  });
  const api = await RuntimeApiServer.start({
    onNext: () => {
      marks.push({ cpu: processorTime(child.pid), wall: performance.now() - began });
      rss.push(memory(child.pid));
      if (results.length === count) {
        end.resolve();
      } else {
        api.invoke({
          event,
          timeoutMs: 29_000,
          headers: { 'invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:bench' },
          onAnswer: ({ kind, body }) => kind === 'response' ? results.push(body.toString()) : end.reject(new Error(`the function answered with ${kind}: ${body}`)),
        });
      }
    },
    onInitError: ({ body }) => end.reject(new Error(`the function could not load: ${body}`)),
  });
  try {
    began = performance.now();
    child = spawn(command[0], [...command.slice(1), handler], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
        // The file system of Lambda is read-only.
        PYTHONDONTWRITEBYTECODE: '1',
        ...OF_FUNCTION,
        AWS_LAMBDA_RUNTIME_API: api.address,
        LAMBDA_TASK_ROOT: directory,
        _HANDLER: handler,
        ...environment,
      },
    });
    const gather = (chunk) => {
      log = `${log}${chunk}`.slice(-3000);
    };
    child.stdout.on('data', gather);
    child.stderr.on('data', gather);
    child.on('exit', (code) => end.reject(new Error(`the process ended with ${code}`)));
    await ended;
  } catch (error) {
    throw new Error(`${handler} in ${directory}: ${error.message}\n${log}`);
  } finally {
    child?.removeAllListeners('exit');
    child?.kill('SIGKILL');
    api.close();
  }
  return { marks, rss, results };
}

/** @param {string} client the main file of the runtime client */
export function nodeCommand(node, client) {
  return [node, ...NODE_FLAGS, client];
}

export function pythonCommand(python) {
  return [python, '-m', 'awslambdaric'];
}

/** Milliseconds of all threads. `process.cpuUsage` has no child processes, and `/proc/pid/stat` counts in steps of 10 ms. */
function processorTime(pid) {
  return readdirSync(`/proc/${pid}/task`).map((thread) => nanosecondsOf(`/proc/${pid}/task/${thread}/schedstat`)).reduce((sum, each) => sum + each, 0) / 1e6;
}

function nanosecondsOf(file) {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') {
      // The thread has ended since the folder was listed.
      return 0;
    }
    throw error;
  }
}

function memory(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}
