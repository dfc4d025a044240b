import { insertIntoLine } from './source-map-columns';

/** The helper of esbuild that fills the namespace of a bundled ES module, also minified. */
const EXPORT_HELPER = /\(([\w$]+),\s*([\w$]+)\)\s*=>\s*\{\s*(?=for\s*\(var ([\w$]+) in \2\)\s*([\w$]+)\(\1,\s*\3,\s*\{\s*get:)/;

/** The part of its helper for CommonJS modules that makes a namespace with the exports as `default`. */
const DEFAULT_HELPER = /\.__esModule\s*\?\s*([\w$]+)\((?=([\w$]+),\s*"default",)/;

/**
 * Makes the result of `import()` a module namespace for bundled modules as well. Node's namespaces have `Symbol.toStringTag`, and Vue,
 * for example, recognizes them by it; esbuild's are plain objects.
 *
 * @param output the text of the bundle
 * @param map the text of its source map, if it has one
 */
export function withModuleNamespaces(output: string, map?: string): { output: string; map?: string } {
  const [exported, tagged] = insertAfter(EXPORT_HELPER, output, map, ([, target, , , define]) => `${define}(${target}, Symbol.toStringTag, { value: "Module" });`);
  const [text, sourceMap] = insertAfter(DEFAULT_HELPER, exported, tagged, ([, define, target]) => `${define}(${target}, Symbol.toStringTag, { value: "Module" }) || `);
  return { output: text, map: sourceMap };
}

function insertAfter(
  pattern: RegExp, output: string, map: string | undefined, insertionOf: (match: RegExpExecArray) => string,
): [string, string | undefined] {
  const match = pattern.exec(output);
  if (!match) return [output, map];
  const end = match.index + match[0].length;
  const insertion = insertionOf(match);
  return [output.slice(0, end) + insertion + output.slice(end), map && insertIntoLine(map, output, end, insertion.length)];
}
