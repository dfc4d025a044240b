/**
 * A folder of files that CloudFront serves without the app.
 *
 * Experimental: a minor version may change it.
 *
 * @experimental
 */
export interface StaticFiles {
  /**
   * The folder, relative to the working directory of the CDK app. It must exist when the stack is synthesized: build the site first.
   *
   * Files and folders whose names begin with a dot are left out, except `.well-known`.
   */
  readonly folder: string;

  /**
   * The path of the folder in URLs, e.g. `/static`. All requests below it are for files, and a file that is missing is a 404.
   *
   * At the root each file and each folder in the folder is a path of its own, and all other paths are the app's: `robots.txt` becomes
   * `/robots.txt`, and `images` all paths below `/images/`. A distribution has at most 75 such paths.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * Which files have a hash of their content in their names, as patterns of paths in the folder, e.g. `assets/**`: browsers keep them for a
   * year. `*` stands for anything but a slash, `**` for any folders, `?` for one character.
   *
   * @default - none: browsers ask each time whether a file has changed
   */
  readonly hashed?: string[];
}
