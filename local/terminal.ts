/** Where the lines for the user go. */
export interface Terminal {
  out(line: string): void;
  error(line: string): void;
}
