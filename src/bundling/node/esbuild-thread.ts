import { MessageChannel, MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import type { EsbuildRunner } from './esbuild-runner';
import { EsbuildJob, runEsbuild } from './run-esbuild';

/** How long a bundle may take before its thread counts as lost. */
const PATIENCE_MS = 120_000;

interface ThreadData {
  readonly port: MessagePort;
  /** A counter that is raised after each reply. */
  readonly replies: Int32Array;
}

interface Request {
  readonly id: number;
  readonly job: EsbuildJob;
}

type Reply = { readonly id: number } & ({ readonly warnings: string } | { readonly error: string });

/**
 * Runs esbuild in a thread that stays, and esbuild with it: an edit is bundled in a fraction of the time that their start takes.
 */
export function runInThread(): EsbuildRunner {
  const { port1: port, port2 } = new MessageChannel();
  const replies = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(__filename, { workerData: { port: port2, replies } satisfies ThreadData, transferList: [port2], execArgv: [] });
  worker.unref();
  port.unref();
  let id = 0;
  return job => {
    id += 1;
    let before = Atomics.load(replies, 0);
    port.postMessage({ id, job } satisfies Request);
    for (;;) {
      if (Atomics.wait(replies, 0, before, PATIENCE_MS) === 'timed-out') throw new Error(`the bundler did not answer within ${PATIENCE_MS / 1000} seconds`);
      before = Atomics.load(replies, 0);
      // There may also be one to a job that was given up.
      for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
        const reply: Reply = received.message;
        if (reply.id !== id) continue;
        if ('error' in reply) throw new Error(reply.error);
        return reply.warnings;
      }
    }
  };
}

if (workerData?.replies) {
  const { port, replies } = workerData as ThreadData;
  port.on('message', ({ id, job }: Request) => {
    void runEsbuild(job).then(warnings => ({ id, warnings }), (error: Error) => ({ id, error: error.message })).then((reply: Reply) => {
      port.postMessage(reply);
      Atomics.add(replies, 0, 1);
      Atomics.notify(replies, 0);
    });
  });
}
