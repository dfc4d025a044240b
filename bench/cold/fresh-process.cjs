// What one environment goes through: load the bundle, answer the first request, then many, then large ones.
const file = process.argv[2];
const inputs = file === undefined ? undefined : JSON.parse(require('node:fs').readFileSync(process.argv[3], 'utf8'));
const long = process.argv[4] === 'long';
const context = () => ({ awsRequestId: 'cold', getRemainingTimeInMillis: () => 29_000 });

/** Of processor time: what other programs do to the clock does not count. */
function millisecondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function run() {
  const start = process.cpuUsage();
  // A handler may be promised: Lambda's init phase then lasts until it is there.
  const handler = await require(file).handler;
  const result = { init: millisecondsSince(start) };
  if (handler !== undefined && inputs !== null) {
    const before = process.cpuUsage();
    const answer = await handler(JSON.parse(inputs.small), context());
    result.first = millisecondsSince(before);
    if (answer.statusCode !== 200) {
      throw new Error(`${file}: the first answer is ${JSON.stringify(answer).slice(0, 200)}`);
    }
    result.fetchLoaded = process.moduleLoadList.some((name) => name.includes('undici'));
    if (long) {
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
  }
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
  process.exit(0);
}
run();
