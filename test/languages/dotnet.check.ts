/**
 * Generates the package for .NET, and compiles and runs a stack in C# against it where there is a `dotnet`: the workflow on GitHub has
 * one. Not part of `npm test`: NuGet downloads 300 MB.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APPS, DOORS, generatePackage, MISTAKES, PolyglotProject, programOf, VERSIONS } from './polyglot-project';
import { scratchFolder } from '../src/synthesis';

const HAS_DOTNET = spawnSync('dotnet', ['--version']).status === 0;

const strings = (values: readonly string[]): string => `new[] { ${values.map((value) => JSON.stringify(value)).join(', ')} }`;

const ALL_DOORS = `
using Amazon.CDK;
using CdkWrappedWebApp;

var app = new App();
var stack = new Stack(app, "Web");
foreach (var entry in ${strings(APPS)})
{
    foreach (var door in ${strings(DOORS)})
    {
        new WrappedWebApp(stack, $"{entry}-{door}".Replace('/', '-'), new WrappedWebAppProps { Entry = entry, FrontDoor = door });
    }
}
app.Synth();
`;

const MISTAKE = `
using System;
using Amazon.CDK;
using CdkWrappedWebApp;

var stack = new Stack(new App(), "Web");
foreach (var mistake in new[] { ${MISTAKES.map(([id, entry, door]) => strings([id, entry, door])).join(', ')} })
{
    try
    {
        new WrappedWebApp(stack, mistake[0], new WrappedWebAppProps { Entry = mistake[1], FrontDoor = mistake[2] });
    }
    catch (Exception error)
    {
        Console.WriteLine(error.Message.Split('\\n')[0]);
    }
}
`;

let generated: string;
beforeAll(() => {
  generated = path.join(generatePackage('dotnet'), 'CdkWrappedWebApp');
}, 600_000);

test('the package has what docs/languages/dotnet.md uses', () => {
  const files = (readdirSync(generated, { recursive: true }) as string[]).filter((file) => file.endsWith('.cs'));
  const source = files.map((file) => readFileSync(path.join(generated, file), 'utf8')).join('\n');
  const page = programOf('dotnet.md', 'csharp');
  expect(source).toContain('namespace CdkWrappedWebApp');
  const classes = [...page.matchAll(/\b(WrappedWebApp\w*|AppSource|PythonAppOptions)\b/g)].map(([name]) => name);
  for (const name of new Set(classes)) expect(source).toMatch(new RegExp(`class ${name}\\b`));
  for (const [, property] of page.matchAll(/^ {4}(\w+) = /gm)) expect(source).toMatch(new RegExp(`\\b${property}\\b`));
});

(HAS_DOTNET ? describe : describe.skip)('stacks in C# (need dotnet)', () => {
  const project = new PolyglotProject();
  const folder = scratchFolder();

  beforeAll(() => {
    for (const [name, text] of Object.entries({ AllDoors: ALL_DOORS, Mistake: MISTAKE, Page: programOf('dotnet.md', 'csharp') })) {
      mkdirSync(path.join(folder, name));
      writeFileSync(path.join(folder, name, 'Program.cs'), text);
      // The CDK must be the one that the other languages are compared with.
      writeFileSync(path.join(folder, name, `${name}.csproj`), `<Project Sdk="Microsoft.NET.Sdk">
        <PropertyGroup>
          <OutputType>Exe</OutputType>
          <TargetFramework>net6.0</TargetFramework>
          <RollForward>Major</RollForward>
        </PropertyGroup>
        <ItemGroup>
          <PackageReference Include="Amazon.CDK.Lib" Version="[${VERSIONS['aws-cdk-lib']}]" />
          <ProjectReference Include="${path.join(generated, 'CdkWrappedWebApp.csproj')}" />
        </ItemGroup>
      </Project>\n`);
      const { status, stdout, error } = spawnSync('dotnet', ['build', '--configuration', 'Release', '--output', output(name)], {
        cwd: path.join(folder, name), encoding: 'utf8', maxBuffer: 2 ** 26,
      });
      if (status !== 0) throw new Error(`dotnet build of ${name}:\n${error?.message ?? stdout}`);
    }
  }, 1_800_000);

  function output(name: string): string {
    return path.join(folder, 'bin', name);
  }

  function program(name: string): string[] {
    return ['dotnet', path.join(output(name), `${name}.dll`)];
  }

  test('a stack in C# makes the template that a stack in JavaScript makes', () => {
    expect(project.synthesize(program('AllDoors'))).toEqual(project.expected());
  });

  test('so does the stack of docs/languages/dotnet.md', () => {
    expect(project.synthesize(program('Page'))).toEqual(project.expectedOfPages());
  });

  test('mistakes are told as in TypeScript', () => {
    expect(project.told(program('Mistake'))).toEqual(MISTAKES.map(([, , , error]) => expect.stringContaining(error)));
  });
});
