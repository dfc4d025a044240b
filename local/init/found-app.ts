/** A web app that was found in a folder, and how a stack names it. */
export interface FoundApp {
  readonly language: 'node' | 'python';
  /** As a user would call it: `an Express app`. */
  readonly kind: string;
  /** The file or folder that it is in, relative to the project. */
  readonly place: string;
  /** The value of `entry` in the stack: a TypeScript expression; of a Python app, a string that is one in both languages. */
  readonly entry: string;
  /** Whether the expression uses `AppSource`. */
  readonly usesAppSource: boolean;
  /** What is to be done before the first deployment, besides installing packages: commands. */
  readonly build: readonly string[];
}

/** A string as TypeScript of this project writes it. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
