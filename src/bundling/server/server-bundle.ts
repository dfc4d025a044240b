import { copyFileSync, lstatSync, realpathSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Construct } from 'constructs';
import { copyFolder, DEVELOPMENT_FILES } from './copy-folder';
import { sayLeftOutSettings } from './say-left-out-settings';
import { LaidFile, ServerFolder } from './server-folder';
import { warnOfMissingAssets } from './warn-of-missing-assets';
import { makeReadable } from '../make-readable';
import { PACKAGE_ROOT } from '../package-root';
import { FileSelection, RemarkableFile } from '../select-files';
import { UploadRules } from '../upload-rules';
import { warnOfDoubtfulFiles } from '../warn-of-doubtful-files';

/** The runtime in one file, with everything that it needs. */
const RUNTIME = 'wrapped-web-app-runtime.mjs';

/** The asset of a built server: its folder, what is laid into it, the runtime, and the module that Lambda loads. */
export class ServerBundle {
  constructor(
    private readonly scope: Construct,
    private readonly server: ServerFolder,
    private readonly exclude: string[],
    private readonly handlerModule: string,
  ) {}

  /** Writes the asset, and returns what is not uploaded. */
  public write(directory: string): Omit<FileSelection, 'files'> {
    const copied = this.server.files.map(file => this.copy(file, directory));
    const remarkable = { leftOut: copied.flatMap(({ leftOut }) => leftOut), doubtful: copied.flatMap(({ doubtful }) => doubtful) };
    warnOfDoubtfulFiles(this.scope, remarkable.doubtful);
    sayLeftOutSettings(this.scope, remarkable.leftOut);
    warnOfMissingAssets(this.scope, this.server);
    copyFileSync(path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node/serve-server.mjs'), path.join(directory, RUNTIME));
    writeFileSync(path.join(directory, `${this.handlerModule}.mjs`), this.handlerCode());
    makeReadable(directory);
    return remarkable;
  }

  private copy({ source, target }: LaidFile, directory: string): Omit<FileSelection, 'files'> {
    const root = lstatSync(source).isDirectory() ? source : path.dirname(source);
    const rules = new UploadRules(this.scope, realpathSync(root), this.exclude, DEVELOPMENT_FILES);
    const { leftOut, doubtful } = copyFolder(rules, source, path.join(directory, target));
    const placed = (files: readonly RemarkableFile[]) => files.map(file => ({ ...file, path: path.posix.join(target, file.path) }));
    return { leftOut: placed(leftOut), doubtful: placed(doubtful) };
  }

  /** The runtime is imported first: it must be ready before any module of the server. */
  private handlerCode(): string {
    const { file, exportName, args } = this.server;
    return [
      `import { serveServer } from './${RUNTIME}';`,
      "import { fileURLToPath } from 'node:url';",
      `export const handler = await serveServer(fileURLToPath(new URL('.', import.meta.url)), ${JSON.stringify({ file, exportName, args })});`,
      '',
    ].join('\n');
  }
}
