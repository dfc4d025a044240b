/** Compiles a stack in Java, with Maven, against the generated package. Not part of `npm test`: Maven downloads 200 MB. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APPS, DOORS, generatePackage, MISTAKES, PolyglotProject, programOf, VERSIONS } from './polyglot-project';
import { scratchFolder } from '../src/synthesis';

const project = new PolyglotProject();
const folder = scratchFolder();

const ALL_DOORS = `
package com.example;

import io.github.cdkwrappedwebapp.WrappedWebApp;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

public class AllDoors {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Web");
        for (String entry : new String[] { ${APPS.map((app) => JSON.stringify(app)).join(', ')} }) {
            for (String door : new String[] { ${DOORS.map((door) => JSON.stringify(door)).join(', ')} }) {
                WrappedWebApp.Builder.create(stack, (entry + "-" + door).replace('/', '-')).entry(entry).frontDoor(door).build();
            }
        }
        app.synth();
    }
}
`;

const MISTAKE = `
package com.example;

import io.github.cdkwrappedwebapp.WrappedWebApp;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

public class Mistake {
    public static void main(String[] args) {
        Stack stack = new Stack(new App(), "Web");
        String[][] mistakes = {${MISTAKES.map(([id, entry, door]) => `{"${id}", "${entry}", "${door}"}`).join(', ')}};
        for (String[] mistake : mistakes) {
            try {
                WrappedWebApp.Builder.create(stack, mistake[0]).entry(mistake[1]).frontDoor(mistake[2]).build();
            } catch (RuntimeException error) {
                System.out.println(error.getMessage().split("\\n")[0]);
            }
        }
    }
}
`;

function maven(...args: string[]): void {
  const child = spawnSync('mvn', ['--batch-mode', '--quiet', ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (child.status !== 0) throw new Error(`mvn ${args.join(' ')}:\n${child.error?.message ?? child.stdout}`);
}

/** The command that runs a class. */
function java(name: string): string[] {
  return ['java', '-cp', `${path.join(folder, 'target/classes')}:${path.join(folder, 'target/dependency')}/*`, `com.example.${name}`];
}

beforeAll(() => {
  const generated = path.join(generatePackage('java'));
  maven('-f', path.join(generated, 'pom.xml'), 'install', '-DskipTests', '-Dmaven.javadoc.skip=true', '-Dmaven.source.skip=true', '-Dgpg.skip');
  writeFileSync(path.join(folder, 'pom.xml'), `<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>com.example</groupId>
    <artifactId>web</artifactId>
    <version>1</version>
    <properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties>
    <dependencies>
      ${programOf('java.md', 'xml').replace(/(<artifactId>aws-cdk-lib<\/artifactId>\s*<version>)[^<]*/, `$1${VERSIONS['aws-cdk-lib']}`)}
    </dependencies>
  </project>`);
  const sources = path.join(folder, 'src/main/java/com/example');
  mkdirSync(sources, { recursive: true });
  for (const [name, text] of Object.entries({ AllDoors: ALL_DOORS, Mistake: MISTAKE, Web: programOf('java.md', 'java') })) {
    writeFileSync(path.join(sources, `${name}.java`), text);
  }
  maven('compile', 'dependency:copy-dependencies');
}, 1_800_000);

test('a stack in Java makes the template that a stack in JavaScript makes', () => {
  expect(project.synthesize(java('AllDoors'))).toEqual(project.expected());
});

test('so does the stack of docs/languages/java.md', () => {
  expect(project.synthesize(java('Web'))).toEqual(project.expectedOfPages());
});

test('mistakes are told as in TypeScript', () => {
  expect(project.told(java('Mistake'))).toEqual(MISTAKES.map(([, , , error]) => expect.stringContaining(error)));
});
