import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Workspace } from '../../local/workspace';

test('a folder is removed whole, also while something still writes into it', async () => {
  const workspace = Workspace.create();
  const folder = workspace.folderFor('/app');
  mkdirSync(folder, { recursive: true });
  const writes = 'for (const end = Date.now() + 200; Date.now() < end;) require(\'node:fs\').writeFileSync(`${Math.random()}`, \'\');';
  const writer = spawn(process.execPath, ['--eval', writes], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => writer.on('exit', resolve));
  while (readdirSync(folder).length === 0) await sleep(5);
  workspace.remove();
  expect(existsSync(workspace.directory)).toBe(false);
  await ended;
});
