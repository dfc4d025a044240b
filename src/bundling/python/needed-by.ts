import { existsSync, readFileSync } from 'node:fs';
import { PythonDependencies } from './python-dependencies';
import { normalizedName } from './requirements-file';

/** What needs a package, as text for a message: ` (needed by flask)`. Empty if the lock file does not say. */
export function neededBy(requirement: string, dependencies: PythonDependencies | undefined): string {
  const name = normalizedName(requirement.replace(/[^\w.-].*$/, ''));
  const found = new Set((dependencies?.files ?? []).filter(file => existsSync(file)).flatMap(file => parentsIn(readFileSync(file, 'utf8'), name)));
  return found.size === 0 ? '' : ` (needed by ${[...found].sort().join(', ')})`;
}

function parentsIn(text: string, name: string): string[] {
  return [...parentsInLock(text, name), ...parentsInRequirements(text, name)];
}

/** uv.lock, poetry.lock and pylock.toml: blocks with a name, whose dependencies are named later in the block. */
function parentsInLock(text: string, name: string): string[] {
  return text.split(/^\[\[packages?\]\]\s*$/m).slice(1).flatMap(block => {
    const [, parent] = /^name = "([^"]+)"/m.exec(block) ?? [];
    const uv = [...block.matchAll(/^\s+\{ name = "([^"]+)"/gm)].map(([, child]) => child);
    const [, table = ''] = /^\[package\.dependencies\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(block) ?? [];
    const poetry = [...table.matchAll(/^"?([A-Za-z0-9][\w.-]*)"?\s*=/gm)].map(([, child]) => child);
    return parent !== undefined && [...uv, ...poetry].some(child => normalizedName(child) === name) ? [parent] : [];
  });
}

/** The comments of pip-compile and uv: `# via flask`, or one line for each after `# via`. */
function parentsInRequirements(text: string, name: string): string[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex(line => normalizedName((/^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?==/.exec(line) ?? [])[1] ?? '') === name);
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(line => !/^\s/.test(line));
  const comments = rest.slice(0, end === -1 ? rest.length : end).filter(line => /^\s*#/.test(line)).map(line => line.replace(/^\s*#\s*(?:via\b\s*)?/, '').trim());
  return comments.filter(comment => comment !== '');
}
