// Runs commands at the same time, each by a shell, and fails if one of them does:
//
//     node scripts/side-by-side.mjs 'one command' 'another && a third'
import { spawn } from 'node:child_process';

const ends = process.argv.slice(2).map((command) => new Promise((resolve) => {
  spawn(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] }).on('exit', (code, signal) => {
    if (code !== 0) {
      console.error(`${command} ended with ${signal ?? code}`);
    }
    resolve(code ?? 1);
  });
}));
process.exitCode = Math.max(...await Promise.all(ends));
