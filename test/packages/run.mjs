// Prints what an app answers: node run.mjs <file> [export], the app itself or, with the name of an export, a Lambda handler.
import { pathToFileURL } from 'node:url';

const [file, handler] = process.argv.slice(2);
const loaded = await import(pathToFileURL(file));
if (handler === undefined) {
  loaded.default(undefined, { end: print });
} else {
  const context = { version: '2.0', requestContext: { domainName: 'x.lambda-url.eu-west-1.on.aws', http: { method: 'GET', path: '/', sourceIp: '203.0.113.7' } } };
  const handle = await (loaded[handler] ?? loaded.default[handler]);
  const result = await handle({ ...context, rawPath: '/', rawQueryString: '', headers: { host: 'x.lambda-url.eu-west-1.on.aws' }, isBase64Encoded: false });
  print(result.body);
}

/** Packages may have begun timers and connections, which would keep the process. */
function print(text) {
  process.stdout.write(`\n<<<${text}>>>\n`, () => process.exit(0));
}
