import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** The part of TypeScript's API that is used here. The compiler is the one of the user's project, in any version. */
interface TypeScript {
  readonly ModuleKind: { readonly ESNext: number; readonly Preserve?: number };
  readonly JsxEmit: { readonly Preserve: number };
  readonly sys: { readFile(file: string): string | undefined };
  readConfigFile(file: string, readFile: (file: string) => string | undefined): { config?: object; error?: { messageText: unknown } };
  parseJsonConfigFileContent(config: object, host: object, directory: string): { options: Record<string, unknown> };
  transpileModule(source: string, options: { compilerOptions: Record<string, unknown>; fileName: string }): { outputText: string };
}

/**
 * Compiles files with the TypeScript of the user's project if its tsconfig sets `emitDecoratorMetadata`.
 *
 * NestJS and other frameworks inject objects by the types of constructor parameters. esbuild removes the types, so these frameworks
 * would inject undefined.
 */
export class DecoratorMetadata {
  private readonly optionsOf = new Map<string, Record<string, unknown> | undefined>();
  private typescript?: TypeScript;

  /**
   * @param folder the folder of the entry, from which the project's TypeScript is found: in a monorepo it may be below the project root
   * @param tsconfig the file to use for all sources, instead of the nearest one above each source
   */
  constructor(private readonly folder: string, private readonly tsconfig: string | undefined) {}

  /** Returns JavaScript with an inline source map, or undefined if esbuild can compile the file. */
  public compile(source: string, file: string): string | undefined {
    if (!/\.[cm]?tsx?$/.test(file) || !source.includes('@')) return undefined;
    const tsconfig = this.tsconfig ?? nearestTsconfig(path.dirname(file));
    if (!tsconfig) return undefined;
    const options = this.optionsIn(tsconfig);
    if (!options?.emitDecoratorMetadata) return undefined;

    const typescript = this.load(tsconfig);
    return typescript.transpileModule(source, {
      fileName: file,
      compilerOptions: {
        ...options,
        // esbuild converts modules and JSX, so these stay as they are.
        module: typescript.ModuleKind.Preserve ?? typescript.ModuleKind.ESNext,
        jsx: typescript.JsxEmit.Preserve,
        moduleResolution: undefined,
        sourceMap: false,
        inlineSourceMap: true,
        inlineSources: true,
        declaration: false,
        composite: false,
        incremental: false,
      },
    }).outputText;
  }

  private optionsIn(tsconfig: string): Record<string, unknown> | undefined {
    if (!this.optionsOf.has(tsconfig)) this.optionsOf.set(tsconfig, this.read(tsconfig));
    return this.optionsOf.get(tsconfig);
  }

  private read(tsconfig: string): Record<string, unknown> | undefined {
    const text = readFileSync(tsconfig, 'utf8');
    // A project can have a tsconfig.json but no TypeScript. The file is read only if it can set emitDecoratorMetadata.
    if (!/"(emitDecoratorMetadata|extends)"/.test(text)) return undefined;
    if (!/"emitDecoratorMetadata"/.test(text) && !this.tryLoad()) return undefined;
    const typescript = this.load(tsconfig);
    const { config, error } = typescript.readConfigFile(tsconfig, typescript.sys.readFile);
    if (!config) throw new Error(`cannot read ${tsconfig}: ${String(error?.messageText)}`);
    return typescript.parseJsonConfigFileContent(config, typescript.sys, path.dirname(tsconfig)).options;
  }

  private load(tsconfig: string): TypeScript {
    const typescript = this.tryLoad();
    if (!typescript) {
      throw new Error(`${tsconfig} sets emitDecoratorMetadata, which needs the project's own TypeScript, but it is not installed; `
        + 'run: npm install --save-dev typescript');
    }
    if (typeof typescript.transpileModule !== 'function') {
      throw new Error(`${tsconfig} sets emitDecoratorMetadata, but the project's TypeScript has no transpileModule; `
        + 'install a version that has it, such as typescript@6');
    }
    return typescript;
  }

  private tryLoad(): TypeScript | undefined {
    for (const from of [this.folder, process.cwd()]) {
      if (this.typescript) break;
      const projectRequire = createRequire(path.join(from, 'package.json'));
      try {
        this.typescript = projectRequire('typescript') as TypeScript;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      }
    }
    return this.typescript;
  }
}

function nearestTsconfig(directory: string): string | undefined {
  const candidate = path.join(directory, 'tsconfig.json');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : nearestTsconfig(parent);
}
