import { spawnSync } from 'node:child_process';

/**
 * Commands that run before and after an app is bundled, e.g. to build its static files. They have the names that the CDK's
 * `NodejsFunction` and `PythonFunction` use.
 *
 * The commands run on this machine, in the shell `sh` (on Windows `cmd`), and are chained with `&&`. What they print is shown.
 */
export interface ICommandHooks {
  /**
   * Returns commands to run before the sources are read, e.g. `['python manage.py collectstatic --noinput']`. They run in `inputDir`, and
   * files that they write there are bundled.
   *
   * @param inputDir the folder with the sources of the app
   * @param outputDir the folder in which the bundle is made; it is empty
   */
  beforeBundling(inputDir: string, outputDir: string): string[];

  /**
   * Returns commands to run after the bundle was made and before it is hashed, e.g. `` [`rm -rf ${outputDir}/docs`] ``. They run in
   * `inputDir`.
   *
   * @param inputDir the folder with the sources of the app
   * @param outputDir the folder with the bundle
   */
  afterBundling(inputDir: string, outputDir: string): string[];
}

/** Runs the commands of a hook. The first one that fails ends the synthesis. */
export function runCommandHook(
  constructPath: string,
  hooks: ICommandHooks | undefined,
  hook: 'beforeBundling' | 'afterBundling',
  inputDirectory: string,
  outputDirectory: string,
): void {
  const commands = hooks?.[hook](inputDirectory, outputDirectory) ?? [];
  if (commands.length === 0) return;
  const command = commands.join(' && ');
  // Standard output belongs to the CDK app, so both outputs of the commands go to standard error.
  const done = spawnSync(command, { cwd: inputDirectory, env: process.env, shell: true, stdio: ['ignore', 2, 2] });
  if (done.error) throw new Error(`${constructPath}: cannot run commandHooks.${hook} in ${inputDirectory}: ${done.error.message}`);
  if (done.status !== 0) {
    throw new Error(`${constructPath}: commandHooks.${hook} failed with ${done.signal ?? `exit code ${done.status}`} in ${inputDirectory}; `
      + `its output is above; the command was: ${command}`);
  }
}
