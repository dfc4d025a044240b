import { readFileSync, statSync } from 'node:fs';
import { SourceMap, SourceMapPayload } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where something is in the user's sources. */
export interface SourceLocation {
  /** `file:line:column`. */
  readonly text: string;
  /** The name that the code at this location had before it was minified, if it is known. */
  readonly name?: string;
}

interface LoadedMap {
  readonly map: SourceMap;
  /** What the sources in the map are relative to. */
  readonly base: string;
}

/** By the name in the stack trace. Files without a source map are remembered too, but not names of no file, which come from anywhere. */
const loadedMaps = new Map<string, LoadedMap | undefined>();

/**
 * Finds a location in the source map of a file. The map is read here, and not when the file is loaded: that would take a tenth
 * of most starts.
 *
 * @param file a path or a file URL, as in stack traces
 * @param line counted from 1
 * @param column counted from 1
 */
export function sourceLocation(file: string, line: number, column: number): SourceLocation | undefined {
  if (!loadedMaps.has(file)) {
    const url = new URL(file.startsWith('file:') ? file : pathToFileURL(file).href);
    if (!statSync(url, { throwIfNoEntry: false })?.isFile()) {
      return undefined;
    }
    loadedMaps.set(file, loadMap(url));
  }
  const loaded = loadedMaps.get(file);
  const entry = loaded?.map.findEntry(line - 1, column - 1);
  if (loaded === undefined || entry === undefined || !('originalSource' in entry) || entry.originalSource === undefined) {
    return undefined;
  }
  const { originalSource, originalLine, originalColumn } = entry;
  // Missing in the types of Node.
  const { name } = entry as { name?: string };
  return { text: `${pathOf(originalSource, loaded.base)}:${originalLine + 1}:${originalColumn + 1}`, name };
}

/** @returns undefined if the file has no source map, or none that can be read */
function loadMap(file: URL): LoadedMap | undefined {
  try {
    const address = lastAddress(readFileSync(file, 'utf8'));
    if (address === undefined) {
      return undefined;
    }
    const inline = address.startsWith('data:');
    const url = inline ? file : new URL(address, file);
    const payload = JSON.parse(inline ? decodeData(address) : readFileSync(url, 'utf8')) as SourceMapPayload;
    return { map: new SourceMap(payload), base: new URL(payload.sourceRoot ?? '', url).href };
  } catch {
    return undefined;
  }
}

/** The comment is the last of its kind: code may contain such text too. */
function lastAddress(code: string): string | undefined {
  const start = code.lastIndexOf('# sourceMappingURL=');
  return start < 0 ? undefined : /^# sourceMappingURL=([^\s'"*]+)\s*(?:\*\/)?\s*$/m.exec(code.slice(start))?.[1];
}

function decodeData(address: string): string {
  const comma = address.indexOf(',');
  const data = address.slice(comma + 1);
  return /;base64$/i.test(address.slice(0, comma)) ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
}

function pathOf(source: string, base: string): string {
  const url = URL.canParse(source, base) ? new URL(source, base).href : source;
  return url.startsWith('file:') ? fileURLToPath(url) : source;
}
