// Jest's testSequencer: slow tests come first, so that at the end no processor waits for the last of them. Without figures of
// an earlier run Jest would begin with the longest file.
const { default: Sequencer } = require('@jest/test-sequencer');
const { isSlow } = require('./slow-tests.cjs');

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests).map((test) => ({ test, slow: isSlow(test.path) }));
    return [...sorted.filter(({ slow }) => slow), ...sorted.filter(({ slow }) => !slow)].map(({ test }) => test);
  }
};
