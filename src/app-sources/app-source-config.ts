import * as lambda from 'aws-cdk-lib/aws-lambda';

/** What an app source is told about the function. */
export interface AppSourceBindOptions {
  /**
   * The runtime that the user chose for the function.
   *
   * @default - the source chooses the runtime
   */
  readonly runtime?: lambda.Runtime;

  /** The instruction set of the function. */
  readonly architecture: lambda.Architecture;

  /**
   * Whether the responses of the app are sent while the app writes them.
   *
   * A source whose code cannot stream throws an error.
   *
   * @default false
   */
  readonly responseStreaming?: boolean;

  /**
   * Whether the environment goes on after an answer until the work of the app is done.
   *
   * Experimental: a minor version may change it.
   *
   * @default false
   * @experimental
   */
  readonly backgroundWork?: boolean;

  /**
   * The environment variables that the user set.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * The SnapStart setting of the function.
   *
   * @default - no SnapStart
   */
  readonly snapStart?: lambda.SnapStartConf;
}

/** What an app source returns for the function. */
export interface AppSourceConfig {
  /** The code to upload. */
  readonly code: lambda.Code;

  /** The Lambda handler in that code, e.g. `index.handler`. */
  readonly handler: string;

  /** The runtime that the code is for. */
  readonly runtime: lambda.Runtime;

  /**
   * Environment variables that the code needs. If the user set a variable of the same name, the user's value is used.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/**
 * A file of the app that is run as a program of its own, and not to serve requests.
 *
 * @internal
 */
export interface _ScriptConfig {
  /** The words that run it in the folder of the code. */
  readonly command: string[];

  /**
   * The code that has the script in it.
   *
   * @default - that of the app
   */
  readonly code?: lambda.Code;
}
