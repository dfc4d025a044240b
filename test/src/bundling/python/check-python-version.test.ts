import { APP } from './python-project';
import { WrappedWebApp } from '../../../../src';
import { testStack } from '../../synthesis';
import { Project } from '../project';

function make(files: { [file: string]: string }): () => void {
  return () => new WrappedWebApp(testStack(), 'Web', { entry: new Project({ 'main.py': APP, 'requirements.txt': '', ...files }).path('main.py') });
}

const requires = (specifier: string) => ({ 'pyproject.toml': `[project]\nname = "x"\nrequires-python = "${specifier}"\n` });

test.each([
  ['>=3.14', 'set runtime: lambda.Runtime.PYTHON_3_14'],
  ['<3.13', 'set runtime: lambda.Runtime.PYTHON_3_12'],
  ['>=3.9,<3.12', 'set runtime: lambda.Runtime.PYTHON_3_11'],
  ['==3.12.*', 'set runtime: lambda.Runtime.PYTHON_3_12'],
  ['~=3.12.4', 'set runtime: lambda.Runtime.PYTHON_3_12'],
  ['>=3.8, !=3.13.*', 'set runtime: lambda.Runtime.PYTHON_3_14'],
  ['<3.10', 'change requires-python: Lambda has Python 3.10, 3.11, 3.12, 3.13, 3.14'],
])('requires-python = "%s" is refused on Python 3.13, with the runtime to name', (specifier, fix) => {
  expect(make(requires(specifier))).toThrow(new RegExp(`Stack/Web: .*pyproject\\.toml has requires-python = .*, but the function runs on Python 3\\.13; ${fix}`));
});

test.each(['>=3.10', '>=3.13.4', '>=3.9,<4', '>=3', '~=3.10', '<3.13.9', '!=3.13.0', '==3.*', '>3.12', '<=3.13', '===3.13.1'])('requires-python = "%s" fits Python 3.13', specifier => {
  expect(make(requires(specifier))).not.toThrow();
});

test.each(['3.12\n', '3.11.4', 'cpython-3.12.1', '# for the team\n3.11\n3.12\n'])('.python-version with %j is refused on Python 3.13', text => {
  expect(make({ '.python-version': text })).toThrow(/Stack\/Web: .*\.python-version names Python .*, but the function runs on Python 3\.13; set runtime: lambda\.Runtime\.PYTHON_3_1[12]/);
});

test.each(['3.13\n', '3.13.0', '3.12\n3.13\n', 'my-environment', ''])('.python-version with %j fits Python 3.13', text => {
  expect(make({ '.python-version': text })).not.toThrow();
});
