import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { writeAssembly } from './fixtures/assembly';
import { get, lines, serveAssembly, shown } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

/** Does with its own folder what the query says, and answers with the code of the error. */
const NODE = `
  import * as fs from 'node:fs';
  import { writeFile, open } from 'node:fs/promises';
  import { execFileSync } from 'node:child_process';
  import { tmpdir } from 'node:os';
  const here = (name) => new URL(name, import.meta.url);
  const ACTIONS = {
    writeFileSync: () => fs.writeFileSync('data.txt', 'written'),
    callback: () => new Promise((resolve, reject) => fs.appendFile(here('data.txt'), 'written', (error) => (error ? reject(error) : resolve()))),
    promise: () => writeFile(here('data.txt'), 'written'),
    open: async () => (await open(here('data.txt'), 'a')).close(),
    openFlags: () => fs.openSync('data.txt', fs.constants.O_RDWR),
    stream: () => new Promise((resolve, reject) => fs.createWriteStream('new.txt').on('error', reject).on('open', resolve)),
    mkdir: () => fs.mkdirSync('uploads/today', { recursive: true }),
    rename: () => fs.renameSync('data.txt', 'other.txt'),
    copy: () => fs.copyFileSync('data.txt', 'other.txt'),
    remove: () => fs.rmSync('data.txt'),
    read: () => { if (fs.readFileSync('data.txt', 'utf8') !== 'original') throw new Error('changed'); fs.closeSync(fs.openSync('data.txt')); },
    temporary: () => fs.writeFileSync(fs.mkdtempSync(tmpdir() + '/of-the-app-') + '/x', ''),
    child: () => execFileSync('sh', ['-c', 'echo written > data.txt'], { stdio: 'ignore' }),
  };
  export const handler = async ({ rawQueryString }) => {
    try {
      await ACTIONS[rawQueryString]();
      return { statusCode: 200, body: 'done' };
    } catch (error) {
      return { statusCode: 200, body: String(error.code) };
    }
  };
`;

const PYTHON = `
import os, pathlib, shutil, sqlite3, tempfile

ACTIONS = {
    "open": lambda: open("data.txt", "w"),
    "append": lambda: open("data.txt", "a"),
    "path": lambda: pathlib.Path(__file__).with_name("new.txt").write_text("x"),
    "mkdir": lambda: os.makedirs("uploads/today"),
    "rename": lambda: os.rename("data.txt", "other.txt"),
    "remove": lambda: os.remove("data.txt"),
    "copy": lambda: shutil.copy("data.txt", "other.txt"),
    "read": lambda: open("data.txt").read().index("original"),
    "temporary": lambda: tempfile.NamedTemporaryFile().write(b"x"),
}

def handler(event, context):
    try:
        ACTIONS[event["rawQueryString"]]()
        return {"statusCode": 200, "body": "done"}
    except OSError as error:
        return {"statusCode": 200, "body": os.strerror(error.errno)}
`;

function assemblyOf(code: Record<string, string>, runtime = 'nodejs24.x'): string {
  const json = fourDoors();
  json.Resources.Handler.Properties!.Runtime = runtime;
  return writeAssembly(json, { 'data.txt': 'original', ...code });
}

function filesOf(assembly: string): Record<string, string> {
  const asset = path.join(assembly, 'asset.code');
  return Object.fromEntries(readdirSync(asset).sort().map((name) => [name, readFileSync(path.join(asset, name), 'utf8')]));
}

describe('an app that writes to its own folder fails as on Lambda, and its asset stays as it is:', () => {
  test('Node', async () => {
    const assembly = assemblyOf({ 'index.mjs': NODE });
    const before = filesOf(assembly);
    const served = await serveAssembly(assembly);
    const ask = async (action: string): Promise<string> => (await get(served, 'http-api', `/?${action}`)).body.toString();
    for (const action of ['writeFileSync', 'callback', 'promise', 'open', 'openFlags', 'stream', 'mkdir', 'rename', 'copy', 'remove']) {
      expect([action, await ask(action)]).toEqual([action, 'EROFS']);
    }
    for (const action of ['read', 'temporary']) expect([action, await ask(action)]).toEqual([action, 'done']);
    expect(filesOf(assembly)).toEqual(before);
    await shown(`writeFile ${path.join(assembly, 'asset.code/data.txt')}: the code is read-only, as on Lambda, where this fails with EROFS; write to os.tmpdir() instead`);
    // Once for each file.
    expect(lines.filter((line) => line.includes('data.txt: the code'))).toHaveLength(1);
  });

  test('Python', async () => {
    const assembly = assemblyOf({ 'index.py': PYTHON }, 'python3.13');
    const before = filesOf(assembly);
    const served = await serveAssembly(assembly);
    const ask = async (action: string): Promise<string> => (await get(served, 'http-api', `/?${action}`)).body.toString();
    for (const action of ['open', 'append', 'path', 'mkdir', 'rename', 'remove', 'copy']) {
      expect([action, await ask(action)]).toEqual([action, 'Read-only file system']);
    }
    for (const action of ['read', 'temporary']) expect([action, await ask(action)]).toEqual([action, 'done']);
    expect(filesOf(assembly)).toEqual(before);
    await shown('the code is read-only, as on Lambda, where this fails with EROFS; write to tempfile.gettempdir() instead');
  });

  test('a program that the app starts, even as root', async () => {
    const assembly = assemblyOf({ 'index.mjs': NODE });
    const before = filesOf(assembly);
    const served = await serveAssembly(assembly);
    const answer = (await get(served, 'http-api', '/?child')).body.toString();
    expect(filesOf(assembly)).toEqual(before);
    if (process.getuid!() === 0) {
      // Nothing stops root; it is told.
      await shown('[Stack/Web] its code was written to, at data.txt: on Lambda the code is read-only, and this fails; write to the folder for temporary files instead');
    } else {
      expect(answer).not.toBe('done');
    }
  });
});
