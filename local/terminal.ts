/** Shows lines to the user. */
export interface Terminal {
  out(line: string): void;
  error(line: string): void;
}
