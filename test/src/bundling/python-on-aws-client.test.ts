/** Bundles of the construct on AWS's own Python client, and on the loop that takes its place for streaming. */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { Project } from './project';
import { bundle, runtimeOfTests } from './python-project';
import { findInterpreters, prepareEnvironment } from '../../lambda-runtime/python-environments';

const APP = `
import flask

app = flask.Flask(__name__)

@app.post("/capture/<path:name>")
def capture(name):
    return {"name": name, "root": flask.request.script_root, "flask": flask.__file__, "size": len(flask.request.get_data())}
`;

test.each(['awslambdaric', 'loop'])('the bundle answers every door on %s', (kind) => {
  const made = bundle(new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3' }), 'main.py', {}, { runtime: runtimeOfTests() });
  const python = prepareEnvironment(findInterpreters()[0]);
  const script = path.join(__dirname, '../../lambda-runtime/python/run_bundle.py');
  const doors = made.properties.Environment.Variables.WRAPPED_WEB_APP_DOORS as string;
  const done = spawnSync(python, [script, kind, made.directory, made.properties.Handler, doors], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  const { answers, stderr } = JSON.parse(done.stdout);
  const seen = answers.map(({ body }: { body: string }) => JSON.parse(JSON.parse(body).body));
  const flask = path.join(made.directory, 'flask/__init__.py');
  const root = ['', '', '/live', ''];
  expect(seen).toEqual(root.map(mount => ({ name: 'space value', root: mount, flask, size: 66 })));
  // The stack has a Function URL alone, and the runtime says so of the other three doors.
  expect(stderr.trim().split('\n').map((line: string) => JSON.parse(line).level)).toEqual(['WARN', 'WARN', 'WARN']);
}, 60_000);
