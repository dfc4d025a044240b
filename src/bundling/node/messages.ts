import type * as Esbuild from 'esbuild';
import { packageOf } from '../npm-package';
import { NATIVE_CODE_LOADERS } from './plugins/native-packages';
import { REQUIRED_BUILTINS } from './plugins/required-builtins';

/** Messages of esbuild about code that loads what it knows only at run time. They are off by default. */
export const LOG_OVERRIDE: Record<string, Esbuild.LogLevel> = { 'unsupported-require-call': 'warning', 'unsupported-dynamic-import': 'warning' };

/** Adds to an error what fixes it in this library, which esbuild cannot know. */
export function errorWithFix(message: Esbuild.Message): Esbuild.Message {
  const [, extension] = /^No loader is configured for "(\.[^"]*)" files/.exec(message.text) ?? [];
  if (extension !== undefined) return { ...message, text: `${message.text}; ${loaderFixOf(extension, message.location?.file ?? '')}` };
  const [, specifier] = /^Could not resolve "([^"]+)"/.exec(message.text) ?? [];
  if (specifier === undefined) return message;
  const notes = message.notes.filter(({ text }) => !text.startsWith('You can mark the path'));
  // If esbuild knows more, such as that `exports` of a package hides the file, it says so in other notes.
  return { ...message, notes, text: notes.length > 0 ? message.text : `${message.text}${fixOf(specifier)}` };
}

/** @param importer the file that imports one with this extension */
function loaderFixOf(extension: string, importer: string): string {
  const name = packageOf(importer)?.name;
  if (name === undefined) return `set the option loader for them, e.g. { ${JSON.stringify(extension)}: "${extension === '.node' ? 'copy' : 'text'}" }`;
  if (NATIVE_CODE_LOADERS.includes(name)) return 'it loads the native code of a package that requires it: add that package to nodeModules, which installs it for Lambda';
  return extension === '.node'
    ? `native code cannot be bundled: add ${JSON.stringify(name)} to nodeModules, which installs it for Lambda`
    : `${name} has other files than code: add ${JSON.stringify(name)} to nodeModules, which installs it for Lambda`;
}

function fixOf(specifier: string): string {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return '';
  const [, name] = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)(?:\/|$)/i.exec(specifier) ?? [];
  return name ? `; run: npm install ${name}` : ', which is no name of a package; if it is a path of a tsconfig.json, set tsconfig to that file';
}

/** The warnings about the user's own code, and those of this library. Nobody but their authors can change other people's packages. */
export function warningsForUser(warnings: Esbuild.Message[]): Esbuild.Message[] {
  return warnings.filter(isAboutUser).map(warning => warning.id in LOG_OVERRIDE
    ? { ...warning, text: `${warning.text}; what it loads is on Lambda only if assets, nodeModules or externalModules bring it there` }
    : warning);
}

function isAboutUser({ id, location, notes, text }: Esbuild.Message): boolean {
  if (!location) return true;
  if (id === 'ignored-bare-import' && text.includes(`"${REQUIRED_BUILTINS}"`)) return false;
  // The import is in the code of the user, but that it does nothing is the claim of a package.
  const locations = id === 'ignored-bare-import' ? [location, ...notes.map(note => note.location)] : [location];
  return locations.every(each => !each || (each.namespace === '' || each.namespace === 'file') && packageOf(each.file) === undefined);
}
