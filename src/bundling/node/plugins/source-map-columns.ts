const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text of a bundle, and that of its source map if it has one. */
export interface MappedText {
  readonly output: string;
  readonly map?: string;
}

/** Inserts something after the first match, if there is one. It must have no line break. */
export function insertAfter(pattern: RegExp, { output, map }: MappedText, insertionOf: (match: RegExpExecArray) => string): MappedText {
  const match = pattern.exec(output);
  if (!match) return { output, map };
  const end = match.index + match[0].length;
  const insertion = insertionOf(match);
  return { output: output.slice(0, end) + insertion + output.slice(end), map: map && insertIntoLine(map, output, end, insertion.length) };
}

/**
 * Changes a source map for text that is inserted within a line of the output, so that the columns after it are right: minified code has
 * almost everything on one line.
 *
 * @param map the text of the source map
 * @param output the output without the text
 * @param position where the text is inserted
 * @param length how long it is
 * @see https://tc39.es/ecma426/#sec-mappings
 */
export function insertIntoLine(map: string, output: string, position: number, length: number): string {
  const before = output.slice(0, position).split('\n');
  const sourceMap = JSON.parse(map) as { mappings: string };
  const lines = sourceMap.mappings.split(';');
  const segments = (lines[before.length - 1] ?? '').split(',');
  let column = 0;
  // Each segment has its column relative to the one before, so the first one after the text moves all others.
  const moved = segments.findIndex(segment => {
    if (segment === '') return false;
    column += firstNumber(segment).value;
    return column >= before[before.length - 1].length;
  });
  if (moved < 0) return map;
  const { value, digits } = firstNumber(segments[moved]);
  segments[moved] = encode(value + length) + segments[moved].slice(digits);
  lines[before.length - 1] = segments.join(',');
  return `${JSON.stringify({ ...sourceMap, mappings: lines.join(';') }, undefined, 2)}\n`;
}

/** The first number of a segment, in base 64 with five bits in each digit, the lowest first; the lowest bit of all is the sign. */
function firstNumber(segment: string): { value: number; digits: number } {
  let unsigned = 0;
  for (let digits = 1, scale = 1; ; digits += 1, scale *= 32) {
    const digit = DIGITS.indexOf(segment[digits - 1]);
    unsigned += digit % 32 * scale;
    if (digit < 32) return { value: unsigned % 2 === 1 ? -Math.floor(unsigned / 2) : unsigned / 2, digits };
  }
}

function encode(value: number): string {
  let unsigned = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = unsigned % 32;
    unsigned = Math.floor(unsigned / 32);
    text += DIGITS[unsigned > 0 ? digit + 32 : digit];
  } while (unsigned > 0);
  return text;
}
