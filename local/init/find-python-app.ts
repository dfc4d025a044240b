import * as fs from 'node:fs';
import * as path from 'node:path';
import { FoundApp, quote } from './found-app';

const FRAMEWORKS: [call: RegExp, kind: string][] = [
  [/\bFastAPI\s*\(/, 'a FastAPI app'],
  [/\bFlask\s*\(/, 'a Flask app'],
  [/\bQuart\s*\(/, 'a Quart app'],
  [/\bLitestar\s*\(/, 'a Litestar app'],
  [/\bfalcon(\.asgi)?\.App\s*\(/, 'a Falcon app'],
  [/\bStarlette\s*\(/, 'a Starlette app'],
  [/\bBottle\s*\(/, 'a Bottle app'],
  [/get_(wsgi|asgi)_application\s*\(/, 'a Django app'],
  [/\bconfig\.make_wsgi_app\s*\(/, 'a Pyramid app'],
];

/** Files of an app, the most usual first: what a WSGI server is told, before what it is made of. */
const NAMES = ['main.py', 'app.py', 'wsgi.py', 'asgi.py', 'application.py', 'server.py', 'api.py', 'run.py', '__init__.py'];

/** Folders that are no part of an app. */
const OTHER_FOLDERS = /^(\.|_|node_modules$|cdk\.out$|tests?$|docs?$|examples?$|venv$|env$|migrations$|scripts$|build$|dist$|static$|templates$)/;

/** The names that the runtime looks for by itself, if the entry has none. */
const USUAL_NAME = /^(?:app|application|api)\s*(?::[^=\n]+)?=(?!=)/m;
const FACTORY = /^(?:async\s+)?def\s+(?:create_app|make_app|create_application|get_app)\s*\(/m;

/** Finds a Python app: that of manage.py, or the file that makes a WSGI or ASGI app. */
export function findPythonApp(directory: string): FoundApp | undefined {
  return findDjango(directory) ?? findByCode(directory);
}

/** https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/ */
function findDjango(directory: string): FoundApp | undefined {
  for (const folder of ['', ...foldersIn(directory)]) {
    const file = path.join(directory, folder, 'manage.py');
    if (!fs.existsSync(file)) continue;
    const [, settings] = /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(fs.readFileSync(file, 'utf8')) ?? [];
    const parts = settings?.split('.') ?? [];
    // The settings may be a package: shop.settings.production belongs to shop.
    const packages = parts.map((_, index) => parts.slice(0, parts.length - index - 1).join('/')).slice(0, -1);
    const beside = foldersIn(path.join(directory, folder));
    for (const candidate of [...packages, ...beside]) {
      const entry = ['wsgi.py', 'asgi.py'].map((name) => path.posix.join(folder, candidate, name)).find((name) => fs.existsSync(path.join(directory, name)));
      if (entry) return foundApp('a Django app', entry);
    }
  }
  return undefined;
}

function findByCode(directory: string): FoundApp | undefined {
  const packages = foldersIn(directory);
  const inSource = packages.includes('src') ? foldersIn(path.join(directory, 'src')).map((name) => `src/${name}`) : [];
  const candidates = ['', ...packages, ...inSource].flatMap((folder) => NAMES.flatMap((name) => {
    const file = path.posix.join(folder, name);
    const full = path.join(directory, file);
    if (!fs.existsSync(full)) return [];
    const code = fs.readFileSync(full, 'utf8');
    const kind = FRAMEWORKS.find(([call]) => call.test(code))?.[1];
    if (USUAL_NAME.test(code) && (kind || callsFactory(code))) return [{ score: 3, kind, entry: file }];
    if (!kind) return [];
    if (FACTORY.test(code)) return [{ score: 2, kind, entry: file }];
    const [, attribute] = /^([A-Za-z]\w*)\s*(?::[^=\n]+)?=\s*[\w.]*\b(?:FastAPI|Flask|Quart|Litestar|App|Starlette|Bottle)\s*\(/m.exec(code) ?? [];
    return attribute ? [{ score: 1, kind, entry: `${file}:${attribute}` }] : [];
  }));
  const [best] = candidates.sort((a, b) => b.score - a.score);
  // wsgi.py has the app of a factory: its framework is named in another file.
  return best && foundApp(best.kind ?? candidates.find(({ kind }) => kind)?.kind ?? 'a Python app', best.entry);
}

/** `app = create_app()` */
function callsFactory(code: string): boolean {
  return /^(?:app|application|api)\s*(?::[^=\n]+)?=\s*[\w.]*(?:create|make|get|build)\w*app\w*\s*\(/mi.test(code);
}

function foundApp(kind: string, entry: string): FoundApp {
  return { language: 'python', kind, place: entry, entry: quote(entry), usesAppSource: false, build: [] };
}

function foldersIn(directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !OTHER_FOLDERS.test(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => Number(b === 'app' || b === 'src') - Number(a === 'app' || a === 'src') || a.localeCompare(b, 'en'));
}
