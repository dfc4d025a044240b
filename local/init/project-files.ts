import * as path from 'node:path';
import { FoundApp, quote } from './found-app';

/** The languages in which a stack is written. */
export type Language = 'typescript' | 'python';

/** The files of a CDK app in a language. */
export interface ProjectFiles {
  /** The file with the stack. */
  readonly stackFile: string;
  readonly stack: string;
  readonly cdkJson: string;
  /** The file that names the packages of the CDK app, if it is one of its own. */
  readonly requirements?: { readonly file: string; readonly text: string };
}

/** What a CDK app needs of this package's package.json. */
export interface OwnPackage {
  readonly version: string;
  readonly peerDependencies: Record<string, string>;
}

export function projectFiles(language: Language, app: FoundApp, projectName: string, ownPackage: OwnPackage): ProjectFiles {
  return language === 'python' ? inPython(app, projectName, ownPackage) : inTypeScript(app, projectName);
}

function inTypeScript(app: FoundApp, projectName: string): ProjectFiles {
  const imported = app.usesAppSource ? 'AppSource, WrappedWebApp' : 'WrappedWebApp';
  return {
    stackFile: 'stack.ts',
    stack: `import { App, Stack } from 'aws-cdk-lib';
import { ${imported} } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), ${quote(stackNameOf(projectName))});

new WrappedWebApp(stack, 'Web', {
  entry: ${app.entry},
  frontDoor: 'function-url', // or 'http-api', 'rest-api', 'alb'
});
`,
    cdkJson: cdkJson('npx tsx stack.ts'),
  };
}

function inPython(app: FoundApp, projectName: string, { version, peerDependencies }: OwnPackage): ProjectFiles {
  const file = 'requirements-cdk.txt';
  return {
    stackFile: 'stack.py',
    // The stack lies beside the app, and would be uploaded with it.
    stack: `import aws_cdk as cdk
from cdk_wrapped_web_app import AppSource, WrappedWebApp

app = cdk.App()
stack = cdk.Stack(app, ${quote(stackNameOf(projectName))})

WrappedWebApp(
    stack,
    'Web',
    entry=AppSource.python(${app.entry}, exclude=['stack.py', '${file}']),
    front_door='function-url',  # or 'http-api', 'rest-api', 'alb'
)

app.synth()
`,
    cdkJson: cdkJson('python3 stack.py'),
    requirements: {
      file,
      text: Object.entries({ ...peerDependencies, 'cdk-wrapped-web-app': version === '0.0.0' ? '' : `^${version}` })
        .map(([name, range]) => `${name}${inPythonTerms(range)}\n`).join(''),
    },
  };
}

/** `^2.260.0` is `>=2.260.0,<3` there. */
function inPythonTerms(range: string): string {
  const [, version, major] = /^\^((\d+)\.\d+\.\d+)$/.exec(range) ?? [];
  if (version === undefined) return '';
  return major === '0' ? `~=${version}` : `>=${version},<${Number(major) + 1}`;
}

/** A name that CloudFormation accepts: `@acme/my_shop` becomes `MyShop`. */
export function stackNameOf(projectName: string): string {
  const words = projectName.replace(/^@[^/]+\//, '').split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('').replace(/^[0-9]+/, '');
  return name.slice(0, 100) || 'WebApp';
}

function cdkJson(app: string): string {
  return `${JSON.stringify({ app, watch: { include: ['**'], exclude: ['README.md', 'cdk*.json'] } }, null, 2)}\n`;
}

/** The npm packages that a stack in TypeScript needs, with their versions. */
export function packagesFor({ version, peerDependencies }: OwnPackage): Record<string, string> {
  return {
    'aws-cdk': '^2.1100.0',
    ...peerDependencies,
    'cdk-wrapped-web-app': version === '0.0.0' ? '*' : `^${version}`,
    'esbuild': '^0.28.0',
    'tsx': '^4.20.0',
  };
}

export function nameOfFolder(directory: string): string {
  return path.basename(path.resolve(directory));
}
