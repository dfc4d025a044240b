import { StringDecoder } from 'node:string_decoder';

/** In JSON a byte takes up to six, so that the result stays below Lambda's limit of 6 MB. */
const KEPT_BYTES = 1_000_000;
/** CloudWatch cuts events at 256 KB, and a program may write without line breaks. */
const LINE_LENGTH = 64_000;
/** CloudFormation takes 4,096 bytes from a custom resource, of which AWS's trigger needs a part: in JSON, where a line break has two bytes. */
const LAST_BYTES = 1_500;
const LAST_LINES = 20;

/** What a program writes: each line goes to the log as soon as it is complete, and the last megabyte is kept. */
export class Output {
  public omittedBytes = 0;
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private line = '';
  private readonly decoder = new StringDecoder('utf8');

  constructor(private readonly log: (line: string) => void) {}

  public write(data: Buffer): void {
    this.keep(data);
    const lines = (this.line + this.decoder.write(data)).split(/\r?\n/);
    this.line = lines.pop()!;
    lines.forEach((line) => this.log(line));
    for (; this.line.length > LINE_LENGTH; this.line = this.line.slice(LINE_LENGTH)) {
      this.log(this.line.slice(0, LINE_LENGTH));
    }
  }

  /** Logs the last line if it has no line break. */
  public end(): void {
    if (this.line !== '') {
      this.log(this.line);
      this.line = '';
    }
  }

  /** The last megabyte. Where a character was cut, it begins with U+FFFD. */
  public text(): string {
    return Buffer.concat(this.kept).toString('utf8');
  }

  /** For the message of an error: the last lines, each on a line of its own; or nothing if there are none. */
  public lastLines(): string {
    const lines = this.text().trimEnd().split(/\r?\n/).slice(-LAST_LINES);
    while (lines.length > 1 && bytesInJson(lines.join('\n')) > LAST_BYTES) {
      lines.shift();
    }
    let text = lines.join('\n');
    if (text.trim() === '') {
      return '; it wrote nothing';
    }
    while (bytesInJson(text) > LAST_BYTES) {
      text = `…${text.slice(-Math.min(LAST_BYTES, Math.floor(text.length * 0.9)))}`;
    }
    return `; the log has its whole output, which ends with:\n${text}`;
  }

  private keep(data: Buffer): void {
    this.kept.push(data);
    this.keptBytes += data.length;
    while (this.keptBytes > KEPT_BYTES) {
      const excess = Math.min(this.keptBytes - KEPT_BYTES, this.kept[0].length);
      this.kept[0] = this.kept[0].subarray(excess);
      if (this.kept[0].length === 0) {
        this.kept.shift();
      }
      this.keptBytes -= excess;
      this.omittedBytes += excess;
    }
  }
}

function bytesInJson(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
