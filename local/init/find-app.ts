import * as fs from 'node:fs';
import * as path from 'node:path';
import { findBuiltServer } from './find-built-server';
import { findNodeApp } from './find-node-app';
import { findPythonApp } from './find-python-app';
import { FoundApp } from './found-app';
import { readPackage } from './package-file';

/** Folders in which a repository with several projects has its apps. */
const PLACES_OF_PROJECTS = ['', 'apps', 'packages', 'services'];

/**
 * Finds the web app of a project.
 *
 * @throws when there is none; the error names the projects below the folder that have one
 */
export function findApp(directory: string): FoundApp {
  const found = appIn(directory);
  if (found) return found;
  const below = projectsBelow(directory).flatMap((project) => {
    const app = appIn(path.join(directory, project));
    return app ? [`  ${project}: ${app.kind}`] : [];
  });
  throw new Error(below.length > 0
    ? `there is no web app in ${directory} itself, but in these folders; run the command in one of them:\n${below.join('\n')}`
    : `cannot find a web app in ${directory}: neither a package.json with a web framework, nor a Node file that starts an HTTP server, `
      + 'nor manage.py, nor a Python file with a WSGI or ASGI app; run the command in the folder of the app');
}

function appIn(directory: string): FoundApp | undefined {
  const packageFile = readPackage(directory);
  return findBuiltServer(directory, packageFile) ?? findNodeApp(directory, packageFile) ?? findPythonApp(directory);
}

function projectsBelow(directory: string): string[] {
  return PLACES_OF_PROJECTS.flatMap((place) => {
    const folder = path.join(directory, place);
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|cdk\.out$)/.test(entry.name))
      .map((entry) => path.posix.join(place, entry.name));
  });
}
