import { writeFileSync } from 'node:fs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { answer, APP, bundle } from './python-project';
import { Project } from '../project';

test('fails for a library of the app that is compiled for another machine', () => {
  const header = (machine: number) => Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(10), Buffer.from([machine, 0])]);
  const project = new Project({ 'main.py': APP, 'vendor/.keep': '' });
  writeFileSync(project.path('vendor/fast.cpython-313-aarch64-linux-gnu.so'), header(0xb7));
  expect(() => bundle(project, 'main.py')).toThrow(/Stack\/Web: vendor\/fast.*\.so is compiled for arm64, but the function runs on Linux on x86_64; leave it out with exclude/);
  expect(answer(bundle(project, 'main.py', {}, { architecture: lambda.Architecture.ARM_64 }))).toBe('hello');
  writeFileSync(project.path('vendor/mac.dylib'), Buffer.from('cffaedfe0c00000100000000020000000000000000000000', 'hex'));
  expect(() => bundle(project, 'main.py', {}, { architecture: lambda.Architecture.ARM_64 })).toThrow(/vendor\/mac\.dylib is compiled for another operating system/);
});
