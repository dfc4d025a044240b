import { parseArgs, ParseArgsConfig } from 'node:util';

/** A command of `cdk-wrapped-web-app`, in a file of its own with its options and its help. */
export interface Command {
  /** The first word on the command line. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /**
   * The words that are for the command itself, where others are for a program that it runs.
   *
   * Default: all.
   */
  ownWords?(args: readonly string[]): readonly string[];
  /**
   * Runs until the command has done its work, or until what it has started keeps the process alive.
   *
   * @param args the words after the command's name
   */
  run(args: readonly string[]): Promise<void>;
}

/** The command line cannot be understood. The help is shown below the message. */
export class UsageError extends Error {}

export type Options<T extends NonNullable<ParseArgsConfig['options']>> = ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>>;

/**
 * Reads the options and the other words of a command.
 *
 * @throws UsageError for an unknown option, or an option without its value
 */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T): Options<T> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
