import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Handler = (event: unknown) => Promise<any>;

/** The Python runtime in a process of its own, with the interface of the Node runtime's handlers. */
export interface PythonRuntime {
  /** One for each settings and kind of app. */
  readonly handlers: readonly Handler[];
  /** Ends the process. Returns its memory in MB. */
  stop(): Promise<number>;
}

type Complain = (problem: string, event: unknown) => void;

/** @param root of the repository */
export function startPythonRuntime(root: string, settings: readonly object[], seed: number, complain: Complain): PythonRuntime {
  const program = join(root, 'test/lambda-runtime/python/hostile_events.py');
  const python = spawn(process.env.PYTHON ?? 'python3', [program, JSON.stringify(settings), String(seed)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C is for the process that prints the summary.
    detached: true,
    env: { ...process.env, PYTHONPATH: join(root, 'lambda-runtime/python'), PYTHONIOENCODING: 'utf-8' },
  });
  const waiting: { event: unknown; resolve(result: unknown): void; reject(error: Error): void }[] = [];
  let memory = 0;
  createInterface({ input: python.stdout, crlfDelay: Infinity }).on('line', (line) => {
    const { result, refused, problems = [], megabytes } = JSON.parse(line);
    if (megabytes !== undefined) {
      memory = megabytes;
      return;
    }
    const { event, resolve, reject } = waiting.shift()!;
    problems.forEach((problem: string) => complain(problem, event));
    refused === undefined ? resolve(result) : reject(new Error(refused));
  });
  const ended = new Promise<void>((resolve) => python.on('close', (code, signal) => {
    waiting.forEach(({ event, reject }) => {
      complain(`the Python process ended with ${code ?? signal}`, event);
      reject(new Error('the Python process ended'));
    });
    resolve();
  }));
  const ask = (app: number): Handler => (event) => new Promise((resolve, reject) => {
    waiting.push({ event, resolve, reject });
    python.stdin.write(`${JSON.stringify({ app, event })}\n`);
  });
  return {
    // A WSGI and an ASGI app for each of the settings.
    handlers: Array.from({ length: settings.length * 2 }, (_, app) => ask(app)),
    stop: async () => {
      python.stdin.end();
      await ended;
      return memory;
    },
  };
}
