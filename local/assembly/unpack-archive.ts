import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import crc32 from 'buffer-crc32';
import * as yauzl from 'yauzl';

/** The type of file of a symbolic link in a Unix mode. Lambda unpacks links as links. */
const LINK = 0o120000;

/**
 * Unpacks a ZIP archive into a folder.
 *
 * @throws when the archive is damaged, or has files whose names lead out of the folder
 */
export async function unpackArchive(archive: string, directory: string): Promise<void> {
  try {
    const zipFile = await yauzl.openPromise(archive, { lazyEntries: true });
    // yauzl throws for absolute names and for names with '..'.
    for await (const entry of zipFile.eachEntry()) await unpackEntry(zipFile, entry, directory);
  } catch (error) {
    throw Object.assign(new Error(`cannot unpack ${archive}: ${(error as Error).message}`), { code: (error as NodeJS.ErrnoException).code });
  }
}

async function unpackEntry(zipFile: yauzl.ZipFile, entry: yauzl.Entry, directory: string): Promise<void> {
  const target = path.join(directory, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    fs.mkdirSync(target, { recursive: true });
    return;
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  let checksum = 0;
  await pipeline(
    await zipFile.openReadStreamPromise(entry),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        checksum = crc32.unsigned(chunk, checksum);
        yield chunk;
      }
    },
    fs.createWriteStream(target),
  );
  if (checksum !== entry.crc32) {
    throw new Error(`${entry.fileName} is damaged: its CRC-32 is ${checksum}, and the archive says ${entry.crc32}`);
  }
  // The Unix mode, 0 if the archive has none.
  const mode = Math.floor(entry.externalFileAttributes / 0x10000);
  if (mode - mode % 0o10000 === LINK) {
    const leadsTo = fs.readFileSync(target, 'utf8');
    fs.rmSync(target);
    fs.symlinkSync(leadsTo, target);
    return;
  }
  if (mode % 0o1000 !== 0) fs.chmodSync(target, mode % 0o1000);
  const time = entry.getLastModDate({ timezone: 'UTC' });
  fs.utimesSync(target, time, time);
}
