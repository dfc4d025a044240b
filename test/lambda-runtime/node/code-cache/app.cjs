// What a module can find out about how it was loaded. Not strict.
const { createServer } = require('node:http');

class Failing {
  fail() {
    throw new RangeError('it failed');
  }
}

function sloppyThis() {
  return this === globalThis;
}

function strictThis() {
  'use strict';
  return this === undefined;
}

function stackOf(action) {
  try {
    action();
  } catch (error) {
    return error.stack.split('\n').filter((line) => !line.includes('node:internal') && !line.includes('code-cache.cjs'));
  }
}

/** What the first lines of the bundle saw, which are outside of every module of the app. */
function bundleFacts() {
  const { loaded, seen } = globalThis.ofBundle;
  const { module: own, require: ownRequire, self } = seen;
  return {
    names: [seen.filename, seen.dirname, seen.count, loaded],
    module: [own.filename, own.id, own.paths[0], own.loaded, own.children.length, self === seen.exports, own.exports === self],
    require: [Object.keys(ownRequire).sort(), typeof ownRequire.main, own === ownRequire.cache[own.filename], ownRequire.resolve('./data.json'), ownRequire('./data.json')],
    sloppy: seen.sloppy,
  };
}

async function facts() {
  return {
    filename: __filename,
    dirname: __dirname,
    bundle: bundleFacts(),
    read: require('./data.json'),
    sloppy: [sloppyThis(), strictThis(), typeof arguments],
    imported: [(await import('node:path')).sep, (await import('./lazy.mjs')).default, (await import(`${'./'}lazy.mjs`)).default],
    stacks: [stackOf(() => new Failing().fail()), stackOf(() => eval('missing.property'))],
    text: [String(sloppyThis), String(Failing)],
    indirect: [new Function('return typeof require')(), (0, eval)('typeof module')],
  };
}

createServer(async (req, res) => res.end(JSON.stringify(await facts()))).listen(3000);
