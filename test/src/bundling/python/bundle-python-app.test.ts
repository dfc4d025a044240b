import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APP, bundle, runtimeOfTests } from './python-project';
import { AppSource, WrappedWebApp } from '../../../../src';
import { findInterpreters, prepareEnvironment } from '../../../lambda-runtime/python-environments';
import { testStack } from '../../synthesis';
import { Project } from '../project';

test('if bundling is skipped, the template is the same on every machine', () => {
  const templateFrom = (project: Project) => {
    const stack = testStack();
    new WrappedWebApp(stack, 'Web', { entry: AppSource.python(project.path('app/main.py'), { exclude: ['data'] }) });
    return Template.fromStack(stack).toJSON();
  };
  const files = { 'app/main.py': APP, 'requirements.txt': 'flask==3.1.3' };
  expect(templateFrom(new Project(files))).toEqual(templateFrom(new Project(files)));
});

test('fails for a Python version before 3.10', () => {
  expect(() => bundle(new Project({ 'main.py': APP }), 'main.py', {}, { runtime: lambda.Runtime.PYTHON_3_9 }))
    .toThrow('Stack/Web: Python apps need python3.10 or later, got runtime python3.9');
});

const FLASK_APP = `
import flask

app = flask.Flask(__name__)

@app.post("/capture/<path:name>")
def capture(name):
    return {"name": name, "root": flask.request.script_root, "flask": flask.__file__, "size": len(flask.request.get_data())}
`;

/** On AWS's Python client, and on the runtime loop that replaces it for streaming. */
test.each(['awslambdaric', 'loop'])('the bundle answers the events of every front door on %s', (kind) => {
  const made = bundle(new Project({ 'main.py': FLASK_APP, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() });
  const python = prepareEnvironment(findInterpreters()[0]);
  const script = path.join(__dirname, '../../../lambda-runtime/python/run_bundle.py');
  const doors = made.properties.Environment.Variables.WRAPPED_WEB_APP_DOORS as string;
  const done = spawnSync(python, [script, kind, made.directory, made.properties.Handler, doors], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  const { answers, stderr } = JSON.parse(done.stdout);
  const seen = answers.map(({ body }: { body: string }) => JSON.parse(JSON.parse(body).body));
  const flask = path.join(made.directory, 'flask/__init__.py');
  const root = ['', '', '/live', ''];
  expect(seen).toEqual(root.map(mount => ({ name: 'space value', root: mount, flask, size: 66 })));
  // The stack has only a Function URL, so the runtime warns about the events of the other three front doors.
  expect(stderr.trim().split('\n').map((line: string) => JSON.parse(line).level)).toEqual(['WARN', 'WARN', 'WARN']);
});
