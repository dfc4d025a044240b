import { truncateSync } from 'node:fs';
import { Project } from './project';
import { sizesByPackage } from '../../../src/bundling/bundle-sizes';
import { checkBundleSize } from '../../../src/bundling/check-bundle-size';
import { testStack } from '../synthesis';

const MEGABYTE = 1024 ** 2;

/** Files with holes, which take no space on the disk. */
function bundleOf(sizes: { [file: string]: number }, texts: { [file: string]: string } = {}): string {
  const project = new Project({ ...Object.fromEntries(Object.keys(sizes).map(file => [file, ''])), ...texts });
  for (const [file, size] of Object.entries(sizes)) truncateSync(project.path(file), size);
  return project.root;
}

test('files count for the package of Python that they were installed with, together with their bytecode', () => {
  const directory = bundleOf(
    { 'numpy/core.py': 10, 'numpy/__pycache__/core.cpython-313.pyc': 20, 'numpy.libs/a,b.so': 30, 'six.py': 2, '__pycache__/six.cpython-313.pyc': 3, 'main.py': 1, '__pycache__/main.cpython-313.pyc': 1 },
    {
      'numpy-2.3.1.dist-info/RECORD': 'numpy/core.py,sha256=x,10\n"numpy.libs/a,b.so",sha256=y,30\nnumpy-2.3.1.dist-info/RECORD,,\n',
      'six-1.17.0.dist-info/RECORD': 'six.py,,\r\n',
    });
  expect(sizesByPackage(directory)).toEqual([
    { name: 'numpy 2.3.1', bytes: expect.any(Number), files: 4 },
    { name: 'six 1.17.0', bytes: 15, files: 3 },
    { name: 'the app', bytes: 2, files: 2 },
  ]);
});

test('files count for the npm package that they are in', () => {
  const directory = bundleOf({ 'app.cjs': 1, 'node_modules/a/index.js': 5, 'node_modules/@b/c/index.js': 4, 'node_modules/a/node_modules/@b/c/index.js': 3 });
  expect(sizesByPackage(directory).map(({ name, bytes }) => [name, bytes])).toEqual([['@b/c', 7], ['a', 5], ['the app', 1]]);
});

test('fails over 250 MB, with the largest parts and what to do', () => {
  const sizes = sizesByPackage(bundleOf({ 'node_modules/big/x': 200 * MEGABYTE, 'node_modules/small/x': 60 * MEGABYTE }));
  expect(() => checkBundleSize(testStack(), sizes)).toThrow('Stack: the bundle has 260 MB unzipped, but Lambda accepts 250 MB, layers included; '
    + 'the largest parts are big (200 MB), small (60 MB); leave out files of the app with exclude, ');
});

test.each([[200, 0], [201, 1], [250, 1]])('a bundle of %i MB has %i warnings', (megabytes, warnings) => {
  const stack = testStack();
  checkBundleSize(stack, sizesByPackage(bundleOf({ x: megabytes * MEGABYTE })));
  expect(stack.node.metadata.filter(({ data }) => String(data).includes(`the bundle has ${megabytes} MB unzipped`))).toHaveLength(warnings);
});
