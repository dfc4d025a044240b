import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/**
 * The fields that an interface declares itself, with their types as `contract.json` writes them: `boolean`, `string`,
 * `string[]`, a list of literals, `doorName` for the names of doors, and the source text for any other type.
 *
 * @param file relative to the top of the repository
 */
export function interfaceOf(file: string, name: string): Record<string, string | string[]> {
  const { source, members } = membersOf(file, name);
  return Object.fromEntries(members.map((member) => [member.name.getText(), typeOf(source, member.type!)]));
}

/** What the `@default` of each field says: its value, or null where it is a text (`- none`). */
export function defaultsOf(file: string, name: string): Record<string, unknown> {
  const { members } = membersOf(file, name);
  return Object.fromEntries(members.map((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
    const text = ts.getTextOfJSDocComment(tag?.comment) ?? '-';
    return [member.name.getText(), text.startsWith('-') ? null : JSON.parse(text.replace(/'/g, '"'))];
  }));
}

function membersOf(file: string, name: string): { source: ts.SourceFile; members: ts.PropertySignature[] } {
  const source = ts.createSourceFile(file, readFileSync(join(__dirname, '..', file), 'utf8'), ts.ScriptTarget.Latest, true);
  const declaration = source.statements.find((each): each is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (declaration === undefined) {
    throw new Error(`${file} declares no interface ${name}`);
  }
  return { source, members: declaration.members.filter(ts.isPropertySignature) };
}

function typeOf(source: ts.SourceFile, type: ts.TypeNode): string | string[] {
  if (ts.isUnionTypeNode(type)) {
    return type.types.map((each) => (ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal) ? each.literal.text : each.getText()));
  }
  const text = type.getText().replace(/^readonly /, '');
  if (/^\w*DoorName$/.test(text)) {
    return 'doorName';
  }
  const alias = source.statements.find((each): each is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(each) && each.name.text === text);
  return alias === undefined ? text : typeOf(source, alias.type);
}
