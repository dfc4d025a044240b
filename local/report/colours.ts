/** The codes of https://www.ecma-international.org/publications-and-standards/standards/ecma-48/, to start and to end a colour. */
const CODES = { red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39], dim: [2, 22] } as const;

export type Colour = keyof typeof CODES;

export function paint(colour: Colour, text: string): string {
  const [start, end] = CODES[colour];
  return `\x1b[${start}m${text}\x1b[${end}m`;
}

/**
 * Whether a stream can show colours and its user wants them.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
export function hasColours(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
