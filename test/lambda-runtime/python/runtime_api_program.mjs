// The Runtime API as a program, for tests in other languages. It speaks lines of JSON.
// Standard input: an invocation for each line. Standard output: first the address, then each answer.
import { createInterface } from 'node:readline';
import { RuntimeApiServer } from '../../../lib/local/runtime-api-server.js';

const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const now = () => performance.now() / 1000;

/** An answer whose body is a list of pieces: the second at which each arrived, and its bytes in base64. */
function writeAnswer(kind, headers, pieces, trailers = {}) {
  write({ kind, headers, trailers, chunks: pieces.map(({ at, bytes }) => [at, bytes.toString('base64')]) });
}

function pairsOf(names) {
  return Object.fromEntries(names.flatMap((name, index) => (index % 2 === 0 ? [[name, names[index + 1]]] : [])));
}

function takeAnswer({ kind, headers, body }) {
  if (kind !== 'stream') {
    writeAnswer(kind, headers, [{ at: now(), bytes: body }]);
    return;
  }
  const pieces = [];
  body.on('data', (bytes) => pieces.push({ at: now(), bytes }));
  body.on('close', () => writeAnswer('response', headers, pieces, pairsOf(body.rawTrailers)));
}

const server = await RuntimeApiServer.start({
  maxResultBytes: process.argv[2] === undefined ? undefined : Number(process.argv[2]),
  onInitError: ({ headers, body }) => writeAnswer('init', headers, [{ at: now(), bytes: body }]),
});
write({ address: server.address });
createInterface({ input: process.stdin })
  .on('line', (line) => server.invoke({ ...JSON.parse(line), onAnswer: takeAnswer }))
  .on('close', () => server.close());
