const actions = new Set<() => void>();

process.on('exit', () => {
  // The latest first: a process is ended before its folder is removed.
  for (const action of [...actions].reverse()) action();
});

/** Has something done when this process ends, in whatever way except by SIGKILL, even in the middle of something else. */
export function atExit(action: () => void): void {
  actions.add(action);
}

/** It is no longer necessary. */
export function notAtExit(action: () => void): void {
  actions.delete(action);
}
