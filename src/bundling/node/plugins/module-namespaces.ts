import { insertAfter, MappedText } from './source-map-columns';

/** The helper of esbuild that fills the namespace of a bundled ES module, also minified. */
const EXPORT_HELPER = /\(([\w$]+),\s*([\w$]+)\)\s*=>\s*\{\s*(?=for\s*\(var ([\w$]+) in \2\)\s*([\w$]+)\(\1,\s*\3,\s*\{\s*get:)/;

/** The part of its helper for CommonJS modules that makes a namespace with the exports as `default`. */
const DEFAULT_HELPER = /\.__esModule\s*\?\s*([\w$]+)\((?=([\w$]+),\s*"default",)/;

/**
 * Makes the result of `import()` a module namespace for bundled modules as well. Node's namespaces have `Symbol.toStringTag`, and Vue,
 * for example, recognizes them by it; esbuild's are plain objects.
 */
export function withModuleNamespaces(bundle: MappedText): MappedText {
  const exported = insertAfter(EXPORT_HELPER, bundle, ([, target, , , define]) => `${define}(${target}, Symbol.toStringTag, { value: "Module" });`);
  return insertAfter(DEFAULT_HELPER, exported, ([, define, target]) => `${define}(${target}, Symbol.toStringTag, { value: "Module" }) || `);
}
