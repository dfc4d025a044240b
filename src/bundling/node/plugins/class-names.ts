/** A class with decorators, as TypeScript compiles it: `let User = User_1 = class User extends Base {`. */
const DECORATED = /\blet ([\w$]+) = (?:[\w$]+ = )?class \1(?: extends [^{\n]+)? \{/g;

/**
 * Keeps the names of such classes, by which ORMs name tables and NestJS what it logs and documents. esbuild calls the inner `User` `User2`,
 * since it hides the outer one.
 *
 * @param code JavaScript
 */
export function withClassNames(code: string): string {
  // On the same line. A class may define its own `name`, which then is writable or an accessor.
  return code.replace(DECORATED, (start, name: string) => (
    `${start} static { if (Object.getOwnPropertyDescriptor(this, "name")?.writable === false) Object.defineProperty(this, "name", { value: "${name}" }); }`
  ));
}
