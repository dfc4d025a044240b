import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

const DOCS = path.join(__dirname, '../../../docs');

/** A page of `docs/` about a move from another tool, whose code is run by a test. */
export class MigrationPage {
  private text: string;

  constructor(public readonly name: string) {
    this.text = readFileSync(path.join(DOCS, name), 'utf8');
  }

  /** The code block that begins with the name of a file, as in ` ```js src/app.js `. */
  public file(name: string): string {
    const blocks = [...this.text.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)].filter(([, file]) => file === name);
    if (blocks.length !== 1) throw new Error(`${this.name} has ${blocks.length} code blocks that begin with \`${name}\`; expected one`);
    return blocks[0][2];
  }

  /** The code blocks that stand between two comments of the page, such as `<!-- after -->` and `<!-- end -->`. */
  public section(name: string): string {
    const [, section] = new RegExp(`<!-- ${name} -->\\n([^]*?)<!-- end -->`).exec(this.text) ?? [];
    if (section === undefined) throw new Error(`${this.name} has no section <!-- ${name} --> … <!-- end -->`);
    return section.trim();
  }

  /** The code of the only block in a section. */
  public snippet(name: string): string {
    const blocks = [...this.section(name).matchAll(/^```\w+(?: nofixture)?\n([^]*?)^```$/gm)];
    if (blocks.length !== 1) throw new Error(`${this.name} has ${blocks.length} code blocks in its section ${name}; expected one`);
    return blocks[0][1];
  }

  /** Replaces a section, as a maintainer does who has read the differences. */
  public write(name: string, section: string): void {
    this.text = this.text.replace(new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end -->)`), (_, start, end) => `${start}${section}\n${end}`);
    writeFileSync(path.join(DOCS, this.name), this.text);
  }
}
