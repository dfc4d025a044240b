/** Shows lines to the user. */
export interface Terminal {
  /** Whether lines may have colours. Default: false. */
  readonly colours?: boolean;
  out(line: string): void;
  error(line: string): void;
}
