import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The names, versions and license texts of the packages that esbuild has inlined.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} root the folder that the metafile's paths are relative to
 * @throws when a package has no license file
 */
export function renderLicenses(metafile, root) {
  const inlined = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(inlined.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []));
  const texts = [...packages].sort().map((directory) => renderLicense(join(root, directory)));
  return ['Packages that are part of the files in this folder', ...texts].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function renderLicense(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(entry));
  if (file === undefined) {
    throw new Error(`${name}@${version}: the package has no license file, and so it cannot be inlined; got ${readdirSync(directory).join(', ')}`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(directory, file), 'utf8').trim()}`;
}
