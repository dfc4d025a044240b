// Jest's --filter for `test:unit`: all tests but the slow ones.
const { isSlow } = require('./slow-tests.cjs');

module.exports = async (tests) => ({ filtered: tests.filter((test) => !isSlow(test)) });
