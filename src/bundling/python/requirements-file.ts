import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PythonTarget, targetArguments } from './python-target';

/** A line of a requirements file, with its continuation lines. */
export interface RequirementLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Without comments. */
  readonly text: string;
  /** Whether the line is in a file of constraints, which installs nothing. */
  readonly constraint: boolean;
}

/**
 * Reads requirements files and the files that they include. Files that do not exist are left to the installer, whose error names them.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirements(files: string[]): RequirementLine[] {
  const seen = new Set<string>();
  return files.flatMap(file => [...linesOf(file, false, seen)]);
}

function* linesOf(file: string, constraint: boolean, seen: Set<string>): Generator<RequirementLine> {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  for (const { line, text } of logicalLines(readFileSync(file, 'utf8'))) {
    const [, option, named] = /^(-r|--requirements?|-c|--constraints?)(?:[ =]\s*|(?<=-[rc]))(.+)$/.exec(text) ?? [];
    if (option === undefined) yield { file, line, text, constraint };
    else if (!/^[a-z]+:\/\//.test(named)) yield* linesOf(path.resolve(path.dirname(file), named), constraint || /^(-c|--c)/.test(option), seen);
  }
}

function logicalLines(text: string): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  let open = false;
  text.replace(/^\uFEFF/, '').split(/\r?\n/).forEach((raw, index) => {
    const isComment = /^\s*#/.test(raw);
    const part = raw.replace(/(^|\s)#.*$/, '').replace(/\\\s*$/, '');
    if (open && found.length > 0) found[found.length - 1].text += ` ${part.trim()}`;
    else found.push({ line: index + 1, text: part.trim() });
    open = !isComment && /\\\s*$/.test(raw);
  });
  return found.filter(({ text: content }) => content !== '');
}

/** A folder or file of this machine, such as `-e ./lib` or `./wheels/x.whl`: its path as it is written. Undefined for other lines. */
export function localPathOf({ text }: RequirementLine): string | undefined {
  const [, editable] = /^(?:-e|--editable)[ =]?\s*(.+)$/.exec(text) ?? [];
  const written = (editable ?? text).replace(/\s*;.*$/, '').replace(/\s+--\S.*$/, '').replace(/^["']|["']$/g, '');
  const [, url] = /^(?:[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*@\s*)?file:(?:\/\/)?(.+)$/.exec(written) ?? [];
  if (url !== undefined) return url.replace(/#.*$/, '');
  if (/^[a-z+]+:\/\//.test(written) || /\s@\s/.test(written) || written.startsWith('-')) return undefined;
  const isPath = /^\.{0,2}\//.test(written) || /^\.{1,2}(?:\[|$)/.test(written) || /^[^<>=!~;@ ]+\/[^<>=!~;@ ]*$/.test(written) || /\.(?:whl|tar\.gz|zip)$/.test(written);
  return editable !== undefined || isPath ? written.replace(/\[[^\]]*\]$/, '') : undefined;
}

/** Whether pip would insist on hashes: it does if one line has one. Local code and repositories cannot have any. */
export function requiresHashes(lines: RequirementLine[]): boolean {
  const packages = lines.filter(({ text, constraint }) => !constraint && !/^--/.test(text));
  return packages.some(({ text }) => text.includes('--hash')) && packages.every(line => localPathOf(line) === undefined && !/\bgit\+/.test(line.text));
}

/** The lines that allow more than one version. A version that a file of constraints pins is pinned. */
function unpinnedOf(lines: RequirementLine[]): RequirementLine[] {
  const constrained = new Set(lines.filter(line => line.constraint && isPinned(line)).map(line => normalizedName(nameOf(line) ?? '')));
  return lines.filter(line => {
    const name = nameOf(line);
    return !line.constraint && (name !== undefined ? !isPinned(line) && !constrained.has(normalizedName(name)) : isMovingRepository(line));
  });
}

/** Whether the same lines always install the same: folders, and addresses without a hash, may have other contents tomorrow. */
export function bringsTheSame(lines: RequirementLine[]): boolean {
  const movable = lines.filter(line => localPathOf(line) !== undefined || (/^[^-].*:\/\//.test(line.text) && !/--hash|#sha256=|@[0-9a-f]{40}\b/.test(line.text)));
  return unpinnedOf(lines).length === 0 && movable.length === 0;
}

/** Warns of each line that allows more than one version. */
export function warnOfUnpinned(scope: Construct, files: string[], target: PythonTarget): void {
  const unpinned = unpinnedOf(readRequirements(files));
  if (unpinned.length === 0) return;
  const named = unpinned.map(line => `${path.basename(line.file)}:${line.line} ${line.text.replace(/\s*;.*$/, '')}`);
  cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:unpinned',
    `not pinned to one version: ${named.join(', ')}; two deployments of the same sources may differ; `
    + `pin every dependency, e.g. with: uv pip compile requirements.in --generate-hashes ${targetArguments(target).join(' ')} -o requirements.txt`);
}

/** Undefined for options, paths and URLs. */
function nameOf(line: RequirementLine): string | undefined {
  if (localPathOf(line) !== undefined) return undefined;
  const [, name] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;(]|--)/.exec(line.text) ?? [];
  return name;
}

function isPinned({ text }: RequirementLine): boolean {
  return /^[^;]*?[^<>!~=]===?\s*[^\s*;,]+\s*\)?\s*(?:,|;|--|$)/.test(text);
}

/** A branch or tag of a repository can move. A commit cannot. */
function isMovingRepository({ text }: RequirementLine): boolean {
  return /\bgit\+/.test(text) && !/@[0-9a-f]{40}\b/.test(text);
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalizedName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
