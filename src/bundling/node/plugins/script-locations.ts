import { FileLocations } from './file-locations';

const MAIN_TEST = /\brequire\.main\s*===?\s*module\b|\bmodule\s*===?\s*require\.main\b/g;
const MAIN_META = /\bimport\.meta\.main\b/g;

/** The locations in the bundle of a script, which knows by them that it is the program that was started, and not a module of another. */
export class ScriptLocations extends FileLocations {
  /**
   * @param script the path of the script below the root of the asset
   */
  constructor(format: 'cjs' | 'esm', bundle: string, private readonly script: string) {
    super(format, bundle);
  }

  /** JavaScript after the banner: the program is the script, as in `import.meta.url === pathToFileURL(process.argv[1]).href`. */
  public get afterBanner(): string {
    return `process.argv[1] = ${this.locationOf(this.script)}.filename;`;
  }

  public override locate(source: string, relativeFile: string): string {
    const isMain = String(relativeFile === this.script);
    return super.locate(source.replace(MAIN_TEST, isMain).replace(MAIN_META, isMain), relativeFile);
  }
}
