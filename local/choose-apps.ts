import { SynthesizedStack } from './assembly/cloud-assembly';
import { WebAppFunction } from './assembly/web-app-functions';
import { matchesWildcards } from './assembly/wildcards';

/** A web app, and the stack that its function is in. */
export interface AppInStack {
  readonly webApp: WebAppFunction;
  readonly stack: SynthesizedStack;
}

/**
 * Chooses apps by the construct paths of apps or stacks, or by the names of stacks; `*` stands for any characters.
 *
 * @param names none for all apps
 * @throws when a name fits nothing
 */
export function chooseApps(apps: readonly AppInStack[], names: readonly string[]): WebAppFunction[] {
  if (names.length === 0) return apps.map(({ webApp }) => webApp);
  for (const name of names) {
    if (!apps.some((app) => isNamed(app, name))) {
      const known = apps.map(({ webApp, stack }) => `  ${webApp.appPath}, in stack ${stack.path}`);
      throw new Error([`no wrapped web app and no stack with one is called '${name}'; there are:`, ...known].join('\n'));
    }
  }
  return apps.filter((app) => names.some((name) => isNamed(app, name))).map(({ webApp }) => webApp);
}

function isNamed({ webApp, stack }: AppInStack, name: string): boolean {
  return [webApp.appPath, stack.path, stack.template.stackName].some((candidate) => matchesWildcards(name, candidate));
}
