const LISTS = ['conditions', 'drop', 'dropLabels', 'external', 'inject', 'mainFields', 'pure', 'resolveExtensions'];

type EsbuildOption = string | boolean | number | string[] | Record<string, unknown>;

/** Adds the user's flags to the options of esbuild. Flags are added to lists and maps, and replace all other options. */
export function withEsbuildArgs<Options extends object>(options: Options, args: { [flag: string]: string | boolean }): Options {
  const merged = { ...options } as Record<string, unknown>;
  for (const [name, value] of Object.entries(parseEsbuildArgs(args))) {
    const present = merged[name];
    if (Array.isArray(value)) merged[name] = [...present as string[] ?? [], ...value];
    else if (typeof value === 'object') merged[name] = { ...present as object, ...value };
    else merged[name] = value;
  }
  return merged as Options;
}

/**
 * Converts flags of esbuild's command line to options of its JavaScript API. The names are the same, but in camel case:
 * `--log-limit` is `logLimit`, `--drop:debugger` is `drop: ['debugger']`, `--alias:a` with the value `b` is `alias: { a: 'b' }`.
 */
function parseEsbuildArgs(args: { [flag: string]: string | boolean }): Record<string, EsbuildOption> {
  const options: Record<string, EsbuildOption> = {};
  for (const [flag, value] of Object.entries(args)) {
    const [, dashed, detail] = /^--([a-z-]+)(?::(.+))?$/.exec(flag) ?? [];
    if (!dashed) throw new Error(`esbuildArgs must be flags such as --log-limit or --drop:console, got ${JSON.stringify(flag)}`);
    const name = dashed.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

    if (LISTS.includes(name)) {
      const items = detail === undefined ? String(value).split(',') : [detail];
      options[name] = [...options[name] as string[] ?? [], ...items];
    } else if (detail !== undefined) {
      options[name] = { ...options[name] as Record<string, unknown>, [detail]: value };
    } else {
      options[name] = scalarOf(value);
    }
  }
  return options;
}

/** A flag without a value means true. The API needs numbers as numbers, not as strings. */
function scalarOf(value: string | boolean): string | boolean | number {
  if (value === '' || value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}
