import { existsSync, readFileSync } from 'node:fs';
import { Project } from './project';
import { runCommandHook } from '../../../src/bundling/command-hooks';

const hooks = (before: string[], after: string[] = []) => ({ beforeBundling: () => before, afterBundling: () => after });

test('the commands of a hook run one after the other in the folder of the sources, and know the folder of the bundle', () => {
  const [project, bundle] = [new Project({ 'a.txt': 'A' }), new Project({})];
  runCommandHook('Stack/Web', {
    beforeBundling: (inputDir, outputDir) => [`cat ${inputDir}/a.txt > b.txt`, `cp b.txt ${outputDir}/c.txt`],
    afterBundling: () => ['exit 1'],
  }, 'beforeBundling', project.root, bundle.root);
  expect(readFileSync(bundle.path('c.txt'), 'utf8')).toBe('A');
});

test('nothing runs without hooks, and for a hook without commands', () => {
  const { root } = new Project({});
  runCommandHook('Stack/Web', undefined, 'beforeBundling', root, root);
  runCommandHook('Stack/Web', hooks([]), 'afterBundling', root, root);
});

test('fails with the first command that fails, and does not run the next one', () => {
  const { root } = new Project({});
  expect(() => runCommandHook('Stack/Web', hooks(['exit 3', 'touch made']), 'beforeBundling', root, root))
    .toThrow(`Stack/Web: commandHooks.beforeBundling failed with exit code 3 in ${root}; its output is above; the command was: exit 3 && touch made`);
  expect(existsSync(`${root}/made`)).toBe(false);
});

test('fails if the shell cannot be started', () => {
  const { root } = new Project({});
  expect(() => runCommandHook('Stack/Web', hooks([], ['true']), 'afterBundling', `${root}/missing`, root))
    .toThrow(`Stack/Web: cannot run commandHooks.afterBundling in ${root}/missing: `);
});
