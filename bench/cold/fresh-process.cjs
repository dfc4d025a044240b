// What one environment goes through. `added`: the app is there, then what is put around it loads and answers the first
// request. `whole`: the bundle that a user would have loads, answers the first request, then many, then large ones.
const { readFileSync } = require('node:fs');
// Lambda's own client loads it before any handler.
require('node:http');
const { setTimeout } = require('node:timers/promises');

const [mode, file, inputsFile, appFile] = process.argv.slice(2);
const inputs = JSON.parse(readFileSync(inputsFile, 'utf8'));
const context = () => ({ awsRequestId: 'cold', getRemainingTimeInMillis: () => 29_000 });

/** Of processor time: what other programs do to the clock does not count. */
function millisecondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function run() {
  if (mode === 'added') {
    require(appFile);
    // V8's helper threads finish what the app left them with.
    await setTimeout(25);
  }
  const start = process.cpuUsage();
  // A handler may be promised: Lambda's init phase then lasts until it is there.
  const handler = await require(file).handler;
  const result = { init: millisecondsSince(start) };
  if (handler === undefined) {
    return result;
  }
  const before = process.cpuUsage();
  const answer = await handler(JSON.parse(inputs.small), context());
  result.first = millisecondsSince(before);
  if (answer.statusCode !== 200) {
    throw new Error(`${file}: the first answer is ${JSON.stringify(answer).slice(0, 200)}`);
  }
  if (mode === 'whole') {
    result.fetchLoaded = process.moduleLoadList.some((name) => name.includes('undici'));
    for (let i = 0; i < 1000; i++) {
      await handler(JSON.parse(inputs.small), context());
    }
    result.rssAfterMany = process.memoryUsage.rss();
    for (let i = 0; i < 20; i++) {
      await handler(JSON.parse(inputs.upload), context());
      await handler(JSON.parse(inputs.image), context());
    }
    result.rssAfterLarge = process.memoryUsage.rss();
  }
  return result;
}

run().then((result) => {
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
  process.exit(0);
});
