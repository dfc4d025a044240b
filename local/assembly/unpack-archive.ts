import * as fs from 'node:fs';
import * as path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

interface ArchiveEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly offset: number;
  /** Unix permissions, 0 where the archive has none. */
  readonly mode: number;
}

/**
 * Unpacks a ZIP archive into a folder beside it, once.
 *
 * @returns the folder
 * @throws when the file is no ZIP archive that Lambda would take
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function unpackArchive(archive: string): string {
  const directory = `${archive}.unpacked`;
  if (fs.existsSync(directory)) return directory;
  const bytes = fs.readFileSync(archive);
  // Under another name until it is complete: an unpacking that was broken off is not taken for done.
  const draft = fs.mkdtempSync(`${directory}-`);
  try {
    for (const entry of readDirectory(archive, bytes)) unpack(archive, bytes, entry, draft);
    fs.renameSync(draft, directory);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return directory;
}

function readDirectory(archive: string, bytes: Buffer): ArchiveEntry[] {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) {
    throw new Error(`${archive} is no ZIP archive`);
  }
  const entries: ArchiveEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new Error(`${archive} is a ZIP archive whose directory cannot be read`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      compressedSize: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
      mode: Math.floor(bytes.readUInt32LE(at + 38) / 0x10000) % 0o1000,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function unpack(archive: string, bytes: Buffer, entry: ArchiveEntry, directory: string): void {
  const target = path.join(directory, entry.name);
  // A name such as ../../.profile must not leave the folder.
  if (!target.startsWith(directory + path.sep)) {
    throw new Error(`${archive} holds a file outside of itself: ${entry.name}`);
  }
  if (entry.name.endsWith('/')) {
    fs.mkdirSync(target, { recursive: true });
    return;
  }
  const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  const content = bytes.subarray(start, start + entry.compressedSize);
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new Error(`${archive}: ${entry.name} is compressed by method ${entry.method}, which Lambda does not take`);
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, entry.method === STORED ? content : inflateRawSync(content));
  if (entry.mode !== 0) fs.chmodSync(target, entry.mode);
}
