import * as path from 'node:path';
import { FoundApp, quote } from './found-app';

/** Renders the stack of an app. */
export function renderStack(app: FoundApp, projectName: string): string {
  const imported = app.usesAppSource ? 'AppSource, WrappedWebApp' : 'WrappedWebApp';
  return `import { App, Stack } from 'aws-cdk-lib';
import { ${imported} } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), ${quote(stackNameOf(projectName))});

new WrappedWebApp(stack, 'Web', {
  entry: ${app.entry},
  frontDoor: 'function-url', // or 'http-api', 'rest-api', 'alb'
});
`;
}

/** A name that CloudFormation accepts: `@acme/my_shop` becomes `MyShop`. */
export function stackNameOf(projectName: string): string {
  const words = projectName.replace(/^@[^/]+\//, '').split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('').replace(/^[0-9]+/, '');
  return name.slice(0, 100) || 'WebApp';
}

export function renderCdkJson(): string {
  return `${JSON.stringify({ app: 'npx tsx stack.ts', watch: { include: ['**'], exclude: ['README.md', 'cdk*.json'] } }, null, 2)}\n`;
}

/** The packages that the stack needs, with their versions. */
export function packagesFor(ownPackage: { version: string; peerDependencies: Record<string, string> }): Record<string, string> {
  const { version, peerDependencies } = ownPackage;
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
