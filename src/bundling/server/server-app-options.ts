import { ICommandHooks } from '../command-hooks';

/** Which part of a built server is its program, and which other files are uploaded with it. */
export interface ServerAppOptions {
  /**
   * The file that starts the server, relative to the folder of the server, e.g. `server.js`. It is run as with `node server.js`, and calls
   * `listen()`. `handler.js:handler` means the export `handler` of that file.
   */
  readonly entry: string;

  /**
   * The command-line arguments of the server, e.g. `['build/server/index.js']`.
   *
   * @default - none
   */
  readonly args?: string[];

  /**
   * Other files and folders that are copied into the folder of the server, e.g. `{ '.next/static': '.next/static', 'public': 'public' }`. The
   * keys are paths in that folder. The values are paths on this machine, relative to the working directory of the CDK app.
   *
   * @default - none: only the folder of the server is uploaded
   */
  readonly assets?: { [path: string]: string };

  /**
   * Files and folders that are not uploaded, in the syntax of `.gitignore` and relative to the folder of the server. They are added to the
   * default list: `.env*` (but `.env.example` is uploaded), files with credentials or private keys, `.git*`, caches, source maps and types
   * of packages, and the files of the CDK. A name with `!` in front is taken back from this list, e.g. `!.env.production`.
   *
   * @default - only the default list
   */
  readonly exclude?: string[];

  /**
   * Commands that run before and after the folder is copied, e.g. `npx next build`. They run in the folder of the nearest `package.json`
   * above the folder of the server, which may not exist before.
   *
   * @default - none: the server is built before the CDK app runs
   */
  readonly commandHooks?: ICommandHooks;
}
