import { expandStack } from '../../../local/report/expand-stack';

test.each([
  ['a stack that is a text', '{"level":"ERROR","message":"the app failed","stackTrace":"Traceback:\\n  File x\\n"}', 'ERROR the app failed\nTraceback:\n  File x'],
  ['a stack that is a list', '{"message":"failed","stackTrace":["Error: x","    at y"]}', 'failed\nError: x\n    at y'],
  ['no stack', '{"message":"hello"}', '{"message":"hello"}'],
  ['broken JSON', '{"stackTrace":', '{"stackTrace":'],
  ['no JSON', 'hello', 'hello'],
])('a line with %s is readable', (_, line, expected) => {
  expect(expandStack(line)).toBe(expected);
});
