import { closeSync, openSync, readSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { filesIn } from './files-in';

/** The first bytes of libraries for macOS (three formats) and Windows. */
const OTHER_SYSTEMS = /^(?:cffaedfe|cefaedfe|cafebabe|4d5a)/;

/** https://en.wikipedia.org/wiki/Executable_and_Linkable_Format#ISA */
const ELF_MACHINES: { [machine: number]: string } = { 0x3e: 'x86_64', 0xb7: 'arm64' };

/** Throws if a compiled library is for another machine. On Lambda it would fail with an ImportError. */
export function checkMachine(constructPath: string, directory: string, architecture: string): void {
  for (const file of filesIn(directory).filter(name => /\.so(?:\.[\d.]+)?$|\.dylib$|\.pyd$/.test(name))) {
    const machine = machineOfLibrary(path.join(directory, file));
    if (machine !== undefined && machine !== architecture) {
      throw new Error(`${constructPath}: ${file} is compiled for ${machine}, but the function runs on Linux on ${architecture}; `
        + 'leave it out with exclude, or set architecture to the one of the library');
    }
  }
}

/** Undefined if the file only has the name of a library, such as a folder or a linker script. */
function machineOfLibrary(file: string): string | undefined {
  if (!statSync(file).isFile()) return undefined;
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, header, 0, header.length, 0);
  closeSync(descriptor);
  if (OTHER_SYSTEMS.test(header.toString('hex'))) return 'another operating system';
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return ELF_MACHINES[header.readUInt16LE(18)] ?? 'another machine';
}
