import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { scratchFolder } from '../src/synthesis';

export const ROOT = path.join(__dirname, '../..');

/** What the stacks of all languages have: each of these apps behind each of these doors. */
export const APPS = ['src/app.ts', 'site/main.py'];
export const DOORS = ['function-url', 'http-api', 'rest-api', 'alb'];

/** What is told about a mistake in a project that has no esbuild, in every language: the construct, its entry, its door, and the error. */
export const MISTAKES: readonly (readonly [id: string, entry: string, frontDoor: string, error: string])[] = [
  ['Door', 'src/app.ts', 'abl', 'Web/Door: frontDoor must be one of function-url, http-api, rest-api, alb or a FrontDoor, got "abl"'],
  ['Entry', 'src/ap.ts', 'alb', 'Web/Entry: entry src/ap.ts does not exist; it is looked up from the working directory, as <project>/src/ap.ts'],
  // The command works without a package.json.
  ['Tool', 'src/app.ts', 'alb', 'Web/Tool: esbuild is needed to bundle <project>/src/app.ts but is not installed; run: npm install --save-dev esbuild'],
];

/** Those of the package.json: the other languages must have the same to make the same template. */
export const VERSIONS: Readonly<Record<'aws-cdk-lib' | 'constructs', string>> = {
  'aws-cdk-lib': installed('aws-cdk-lib'),
  'constructs': installed('constructs'),
};

/** A project with a Node and a Python app, and nothing of a stack. It has esbuild, as every project with a Node app needs. */
export class PolyglotProject {
  readonly folder = scratchFolder();
  /** Beside the project, so that the stack is no part of an app. */
  readonly stackFolder = scratchFolder();

  constructor() {
    this.write('src/app.ts', "import { createServer } from 'node:http';\ncreateServer((request, response) => response.end('hello')).listen(3000);\n");
    this.write('site/main.py', "def app(environ, start_response):\n    start_response('200 OK', [('Content-Type', 'text/plain')])\n    return [b'hello']\n");
    mkdirSync(path.join(this.folder, 'node_modules'));
    symlinkSync(path.join(ROOT, 'node_modules/esbuild'), path.join(this.folder, 'node_modules/esbuild'));
  }

  /** The template of the stack in JavaScript with all apps behind all doors. */
  expected(): object {
    return this.inJavaScript(`
      for (const entry of ${JSON.stringify(APPS)}) {
        for (const frontDoor of ${JSON.stringify(DOORS)}) new WrappedWebApp(stack, \`\${entry}-\${frontDoor}\`.replace('/', '-'), { entry, frontDoor });
      }
    `);
  }

  /** The template of the stack that the pages of docs/languages/ show. */
  expectedOfPages(): object {
    return this.inJavaScript(`
      const api = new WrappedWebApp(stack, 'Api', { entry: 'src/app.ts', frontDoor: 'http-api' });
      new WrappedWebApp(stack, 'Site', {
        entry: AppSource.python('site/main.py', { exclude: ['*.sqlite3'] }),
        frontDoor: 'alb',
        memorySize: 2048,
        environment: { API_URL: api.url },
      });
    `);
  }

  private inJavaScript(lines: string): object {
    const stack = path.join(this.stackFolder, 'stack.js');
    writeFileSync(stack, `
      const { App, Stack } = require(${JSON.stringify(path.join(ROOT, 'node_modules/aws-cdk-lib'))});
      const { AppSource, WrappedWebApp } = require(${JSON.stringify(ROOT)});
      const app = new App();
      const stack = new Stack(app, 'Web');
      ${lines}
      app.synth();
    `);
    return this.synthesize([process.execPath, stack]);
  }

  /** Runs a program that synthesizes the stack, in the folder of the project, and returns its template. */
  synthesize([program, ...args]: string[], more: Record<string, string> = {}): object {
    const output = scratchFolder();
    execFileSync(program, args, { cwd: this.folder, env: this.environment({ CDK_OUTDIR: output, ...more }), stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(readFileSync(path.join(output, 'Web.template.json'), 'utf8'));
  }

  /** Runs a program that prints what it is told about mistakes, one a line, and returns the lines. The project has no esbuild from then on. */
  told([program, ...args]: string[]): string[] {
    rmSync(path.join(this.folder, 'node_modules'), { recursive: true, force: true });
    const output = execFileSync(program, args, {
      cwd: this.folder, env: this.environment({ CDK_OUTDIR: scratchFolder() }), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
    });
    return output.replaceAll(this.folder, '<project>').trim().split('\n');
  }

  environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return { ...process.env, CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', ...more };
  }

  private write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }
}

/** Generates the package for another language, and returns the folder with it. */
export function generatePackage(target: 'python' | 'java' | 'go' | 'dotnet'): string {
  const output = scratchFolder();
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/jsii-pacmak/bin/jsii-pacmak'), '--code-only', '--target', target, '--outdir', output], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
  });
  const folder = path.join(output, target);
  if (readdirSync(folder).length === 0) throw new Error(`jsii-pacmak made nothing for ${target}`);
  return folder;
}

/** The block of a page in docs/languages/ in this language. */
export function programOf(page: string, language: string): string {
  const text = readFileSync(path.join(ROOT, 'docs/languages', page), 'utf8');
  const [, program] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(text) ?? [];
  if (program === undefined) throw new Error(`docs/languages/${page} has no ${language}`);
  return program;
}

function installed(name: string): string {
  return JSON.parse(readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
}
