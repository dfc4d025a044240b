import { closeSync, lstatSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { listFiles } from './list-files';

/** The first and the last time that a zip can tell. */
const [EARLIEST, LATEST] = [Date.UTC(1980, 0, 1), Date.UTC(2107, 11, 31)];

/** The version of a reader that knows compression and folders, and Unix as the system that made the archive. */
const VERSION = 20;
const MADE_ON_UNIX = 0x0300;

/** Names are UTF-8. */
const FLAGS = 0x0800;

const MAX_ENTRIES = 0xffff;

/**
 * Writes the files of a folder to a zip, with links as links, and with the times of the files in UTC.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function writeZip(directory: string, archive: string): void {
  const names = listFiles(directory);
  if (names.length > MAX_ENTRIES) throw new Error(`${directory} has ${names.length} files, and a zip for Lambda holds at most ${MAX_ENTRIES}`);
  const output = openSync(archive, 'w');
  const central: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const file = path.join(directory, name);
    const stats = lstatSync(file);
    const isLink = stats.isSymbolicLink();
    const content = isLink ? Buffer.from(readlinkSync(file)) : readFileSync(file);
    const compressed = isLink ? content : deflateRawSync(content);
    const common = commonFields(name, isLink ? 0 : 8, stats.mtime, content, compressed);
    const local = Buffer.concat([uint32(0x04034b50), common, Buffer.from(name), compressed]);
    // Links have all permissions; other files keep theirs.
    const attributes = (isLink ? 0o120777 : 0o100000 + stats.mode % 0o1000) * 0x10000;
    central.push(uint32(0x02014b50), uint16(MADE_ON_UNIX + VERSION), common,
      uint16(0), uint16(0), uint16(0), uint32(attributes), uint32(offset), Buffer.from(name));
    // Not writeSync, which may write only a part.
    writeFileSync(output, local);
    offset += local.length;
  }
  const directoryBytes = Buffer.concat(central);
  writeFileSync(output, Buffer.concat([directoryBytes, uint32(0x06054b50), uint32(0), uint16(names.length), uint16(names.length),
    uint32(directoryBytes.length), uint32(offset), uint16(0)]));
  closeSync(output);
}

/** The fields that an entry has both before its content and in the directory at the end. */
function commonFields(name: string, method: number, time: Date, content: Buffer, compressed: Buffer): Buffer {
  return Buffer.concat([uint16(VERSION), uint16(FLAGS), uint16(method), dosTime(time), uint32(crc32(content)),
    uint32(compressed.length), uint32(content.length), uint16(Buffer.byteLength(name)), uint16(0)]);
}

/** Two seconds, minutes and hours, then days, months and years since 1980: the format of MS-DOS. */
function dosTime(time: Date): Buffer {
  const date = new Date(Math.min(Math.max(time.getTime(), EARLIEST), LATEST));
  return Buffer.concat([
    uint16(Math.floor(date.getUTCSeconds() / 2) + date.getUTCMinutes() * 0x20 + date.getUTCHours() * 0x800),
    uint16(date.getUTCDate() + (date.getUTCMonth() + 1) * 0x20 + (date.getUTCFullYear() - 1980) * 0x200),
  ]);
}

const CRC_TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value % 2 === 1 ? xor(0xedb88320, Math.floor(value / 2)) : Math.floor(value / 2);
  return value;
});

/** `crc32` of node:zlib is not in all versions of Node that this library runs on. */
function crc32(content: Buffer): number {
  let value = 0xffffffff;
  for (const byte of content) value = xor(CRC_TABLE[xor(value, byte) % 0x100], Math.floor(value / 0x100));
  return xor(value, 0xffffffff);
}

function xor(a: number, b: number): number {
  // eslint-disable-next-line no-bitwise
  return (a ^ b) >>> 0;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
