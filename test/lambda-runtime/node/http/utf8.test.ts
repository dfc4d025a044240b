import { decodeUtf8, encodeUtf8 } from '../../../../lambda-runtime/node/http/utf8';

const UNITS: Readonly<Record<string, string>> = {
  'ASCII': 'plain text, ',
  'Latin-1': 'été à la française, ',
  'Greek in ASCII': 'a quoted "λόγος", ',
  'Japanese': '日本語のテキスト',
  'emoji': 'fine 😀👍🏽 ',
  'a byte order mark': '\ufeffλ ',
  'half of a surrogate pair': 'λ \ud83d and \ude00 ',
};
/** Around the lengths from which on another way is faster. */
const LENGTHS = [1, 1023, 1024, 1025, 4095, 4096, 32 * 1024, 32 * 1024 + 1, 48 * 1024, 48 * 1024 + 1, 300_000];

describe.each(Object.entries(UNITS))('%s', (_, unit) => {
  test.each(LENGTHS)('in %d characters is encoded and decoded as by Buffer', (length) => {
    const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    const expected = Buffer.from(text, 'utf8');
    const bytes = encodeUtf8(text);
    expect(bytes.equals(expected)).toBe(true);
    expect(decodeUtf8(bytes)).toBe(expected.toString('utf8'));
    expect(decodeUtf8(new Uint8Array(bytes))).toBe(expected.toString('utf8'));
  });
});

test('a character beyond Latin-1 may be the last of a long text', () => {
  const text = 'x'.repeat(5000) + 'λ';
  expect(encodeUtf8(text).equals(Buffer.from(text))).toBe(true);
});

test.each(Object.entries(UNITS))('the bytes of %s stay as they are when another text is encoded', (_, unit) => {
  const bytes = encodeUtf8(unit.repeat(1000));
  const copy = Buffer.from(bytes);
  encodeUtf8('日本語'.repeat(10_000));
  encodeUtf8('x'.repeat(20_000));
  expect(bytes.equals(copy)).toBe(true);
});

test.each([
  ['no UTF-8 at all', Buffer.from([0x61, 0xff, 0x62])],
  ['an incomplete character at the end', Buffer.concat([Buffer.from('λ'.repeat(1000)), Buffer.from([0xce])])],
  ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0xbd])],
])('%s is not decoded', (_, bytes) => {
  expect(decodeUtf8(bytes)).toBeUndefined();
});
