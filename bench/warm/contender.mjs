import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('contender-process.mjs', import.meta.url));

/** A contender in a separate process that waits for commands. */
export class ContenderProcess {
  #child;
  #waiting;

  /** @param {{ node: string, flags?: string[], cpu?: string, file: string, format: string }} options */
  static async start(options) {
    const contender = new ContenderProcess(options);
    await contender.#answer();
    return contender;
  }

  constructor({ node, flags = [], cpu, file, format }) {
    const command = [node, ...flags, PROGRAM, file, format];
    if (cpu !== undefined) {
      command.unshift('taskset', '-c', cpu);
    }
    // Errors that peers print would disturb the output; BENCH_LOGS=1 shows them.
    this.#child = spawn(command[0], command.slice(1), {
      stdio: ['ignore', 'ignore', process.env.BENCH_LOGS === undefined ? 'ignore' : 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: format, responseMode: 'buffered' }]),
      },
    });
    this.#child.on('message', ({ result }) => this.#waiting?.resolve(result));
    this.#child.on('exit', (code, signal) => this.#waiting?.reject(new Error(`${file}: the process ended with ${signal ?? code}`)));
  }

  /** @returns {Promise<string | undefined>} the problem of the contender's response, if it is wrong */
  check(index) {
    return this.#ask({ command: 'check', index });
  }

  /** @returns {Promise<number>} microseconds that an invocation took */
  batch(index, milliseconds) {
    return this.#ask({ command: 'batch', index, milliseconds });
  }

  /** @returns {Promise<number>} microseconds that each of so many invocations took */
  invoke(index, count) {
    return this.#ask({ command: 'invoke', index, count });
  }

  /** @returns {Promise<number>} bytes that an invocation allocates */
  allocate(index, count) {
    return this.#ask({ command: 'allocate', index, count });
  }

  end() {
    this.#waiting = undefined;
    this.#child.kill();
  }

  #ask(message) {
    this.#child.send(message);
    return this.#answer();
  }

  #answer() {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
}
