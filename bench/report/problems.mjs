/**
 * Every wrong response of a run.
 * @returns {Array<{ contender: string, scenario: string, where: string, problem: string }>}
 */
export function problemsOf(run) {
  return answersOf(run).filter(({ problem }) => problem !== undefined);
}

/** Every checked response of a run, with its problem if it has one. */
export function answersOf(run) {
  const answers = [];
  const add = (rows, where, scenario) => rows.forEach((row) => answers.push({ scenario, ...row, where }));
  for (const [major, frameworks] of Object.entries(run.node)) {
    for (const [framework, { warm = {}, runtimeApi = {}, streaming = [] }] of Object.entries(frameworks)) {
      Object.entries(warm).forEach(([format, rows]) => add(rows, `Node ${major} ${framework} ${format}`));
      Object.entries(runtimeApi).forEach(([format, rows]) => add(rows, `Node ${major} ${framework} ${format} through the Runtime API`));
      add(streaming, `Node ${major} ${framework}`, '10 MB streamed');
    }
  }
  for (const [framework, { warm }] of Object.entries(run.python)) {
    warm.forEach((row) => add([row], `${framework} ${row.format}`));
  }
  return answers.map(({ contender, scenario, where, problem }) => ({ contender, scenario, where, problem }));
}
