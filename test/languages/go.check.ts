/**
 * Compiles a stack in Go against the generated package. Not part of `npm test`: the CDK for Go takes minutes to compile.
 * `GO_AWSCDK_VERSION` takes another version of the CDK for Go, where the module proxy does not have that of this package.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APPS, DOORS, generatePackage, MISTAKES, PolyglotProject, programOf, VERSIONS } from './polyglot-project';
import { scratchFolder } from '../src/synthesis';

const MODULE = 'github.com/cdk-wrapped-web-app/cdk-wrapped-web-app-go/cdkwrappedwebapp';
const CDK = 'github.com/aws/aws-cdk-go/awscdk/v2';
const CDK_VERSION = process.env.GO_AWSCDK_VERSION ?? VERSIONS['aws-cdk-lib'];

const project = new PolyglotProject();
const folder = scratchFolder();

const ALL_DOORS = `package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"${MODULE}"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Web"), nil)
	for _, entry := range []string{${APPS.map((app) => JSON.stringify(app)).join(', ')}} {
		for _, door := range []string{${DOORS.map((door) => JSON.stringify(door)).join(', ')}} {
			id := strings.ReplaceAll(entry+"-"+door, "/", "-")
			cdkwrappedwebapp.NewWrappedWebApp(stack, &id, &cdkwrappedwebapp.WrappedWebAppProps{Entry: entry, FrontDoor: door})
		}
	}
	app.Synth(nil)
}
`;

const MISTAKE = `package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"${MODULE}"
)

func main() {
	defer jsii.Close()
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Web"), nil)
	for _, mistake := range [][]string{${MISTAKES.map(([id, entry, door]) => `{"${id}", "${entry}", "${door}"}`).join(', ')}} {
		try(stack, mistake)
	}
}

func try(stack awscdk.Stack, mistake []string) {
	defer func() { fmt.Println(strings.Split(fmt.Sprint(recover()), "\\n")[0]) }()
	cdkwrappedwebapp.NewWrappedWebApp(stack, jsii.String(mistake[0]), &cdkwrappedwebapp.WrappedWebAppProps{Entry: mistake[1], FrontDoor: mistake[2]})
}
`;

function go(...args: string[]): void {
  execFileSync('go', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, GOFLAGS: '-mod=mod' }, maxBuffer: 2 ** 26 });
}

beforeAll(() => {
  const generated = path.join(folder, 'generated');
  cpSync(path.join(generatePackage('go'), 'cdkwrappedwebapp'), generated, { recursive: true });
  const { groups } = /^go (?<version>\S+)$/m.exec(readFileSync(path.join(generated, 'go.mod'), 'utf8'))!;
  for (const [name, text] of Object.entries({ alldoors: ALL_DOORS, mistake: MISTAKE, page: programOf('go.md', 'go') })) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'main.go'), text);
  }
  writeFileSync(path.join(folder, 'go.mod'), `module example.com/web\n\ngo ${groups!.version}\n\nrequire ${MODULE} v0.0.0\n\nreplace ${MODULE} => ./generated\n`);
  if (CDK_VERSION !== VERSIONS['aws-cdk-lib']) go('mod', 'edit', `-replace=${CDK}=${CDK}@v${CDK_VERSION}`);
  go('mod', 'tidy');
  for (const name of ['alldoors', 'mistake', 'page']) go('build', '-o', `bin/${name}`, `./${name}`);
}, 3_600_000);

function program(name: string): string[] {
  return [path.join(folder, 'bin', name)];
}

const isSameCdk = CDK_VERSION === VERSIONS['aws-cdk-lib'];

test('a stack in Go makes the template that a stack in JavaScript makes', () => {
  const template = project.synthesize(program('alldoors'));
  // Another CDK may write the same resources otherwise.
  expect(isSameCdk ? template : logicalIds(template)).toEqual(isSameCdk ? project.expected() : logicalIds(project.expected()));
});

test('so does the stack of docs/languages/go.md', () => {
  const template = project.synthesize(program('page'));
  expect(isSameCdk ? template : logicalIds(template)).toEqual(isSameCdk ? project.expectedOfPages() : logicalIds(project.expectedOfPages()));
});

test('mistakes are told as in TypeScript', () => {
  expect(project.told(program('mistake'))).toEqual(MISTAKES.map(([, , , error]) => expect.stringContaining(error)));
});

function logicalIds(template: object): Record<string, string> {
  const { Resources } = template as { Resources: Record<string, { Type: string }> };
  return Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id.replace(/(Deployment|CurrentVersion)[^]*?[0-9a-f]{32}$/, '$1'), Type]));
}
