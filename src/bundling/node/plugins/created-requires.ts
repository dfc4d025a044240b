/** `const require = createRequire(import.meta.url)`: how an ES module loads JSON and CommonJS. Rolldown calls a function that does so. */
const DECLARATION = new RegExp(String.raw`\b(?:const|let|var)\s+([\w$]+)\s*=\s*(?:/\*.*?\*/\s*)?(?:\(\(\)\s*=>\s*)?`
  + String.raw`(?:[\w$]+\.)?createRequire\(\s*(?:import\.meta\.(?:url|filename)|__filename)\s*\)`);

/** Packages that rolldown has built make it in one file and use it in others. */
const IMPORT = /\bimport\s*\{[^}]*\b(__require)\b[^}]*\}\s*from\s*["'][^"'\n]*rolldown[^"'\n]*["']/;

/** Comments, strings and templates, which may speak of it or be code for others. */
const TEXT = String.raw`\/\/.*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|` + '`(?:\\\\.|[^`\\\\])*`';
/** Not of native code, which cannot be bundled: `nativePackages` names its package. */
const LITERAL = String.raw`\(\s*(?:'[^'\n]*(?<!\.node)'|"[^"\n]*(?<!\.node)")\s*\)`;

/** What a `require` of a file is called if the file needs it for more than such calls. */
const OF_FILE = 'wrappedWebAppRequire';

/** Where a name is one of a property or a method too, which must not change. */
const NAME_OF_PROPERTY = /[{,]\s*require\s*[,}]|\brequire\s*\([^()]*\)\s*\{/;

/**
 * Has esbuild follow the calls of a `require` that an ES module has made: it follows those of the name `require`, if nothing declares it.
 *
 * @param source the text of a file
 */
export function withCreatedRequires(source: string): string {
  // Most files have neither.
  if (!/createRequire|__require/.test(source)) return source;
  const [, name] = DECLARATION.exec(source) ?? IMPORT.exec(source) ?? [];
  if (name === undefined || (name === 'require' && NAME_OF_PROPERTY.test(source))) return source;
  const uses = new RegExp(String.raw`${TEXT}|(?<![\w$.])${name.replace(/\$/g, '\\$&')}(?![\w$]|\s*:)(${LITERAL})?`, 'g');
  return source.replace(uses, (use: string, call: string | undefined) => {
    if (!use.startsWith(name)) return use;
    if (call !== undefined) return `require${call}`;
    return name === 'require' ? OF_FILE : use;
  });
}
