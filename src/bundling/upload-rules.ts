import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Names of files and folders in the syntax of `.gitignore`, and what they are. */
export interface UploadRule {
  readonly patterns: string[];
  readonly reason: string;
}

/** What is not uploaded with any app. The most telling reason comes first. */
const LEFT_OUT: UploadRule[] = [
  { patterns: ['.env*', '!.env.example'], reason: 'may hold secrets' },
  { patterns: ['.aws', '.ssh', '.gnupg', '.netrc', '_netrc', '.npmrc', '.yarnrc.yml', '.pypirc', '.pgpass', '.git-credentials'], reason: 'may hold credentials' },
  { patterns: ['terraform.tfstate*', '.terraform'], reason: 'state of Terraform, which holds secrets' },
  { patterns: ['.git*', '.hg*', '.svn'], reason: 'version control' },
  { patterns: ['cdk.out', 'cdk.json', 'cdk.context.json'], reason: 'belongs to the CDK app' },
  { patterns: ['__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache'], reason: 'a cache' },
  { patterns: ['.DS_Store', 'Thumbs.db', '.idea', '.vscode', '*.swp', '*~', '.#*'], reason: 'belongs to an editor or to the desktop' },
];

/** What is uploaded with a warning. */
const DOUBTFUL: UploadRule[] = [
  { patterns: ['*.sqlite', '*.sqlite3', '*.db', '*.dump', '*.sql.gz'], reason: 'a database, which may hold data that nobody else should get' },
  { patterns: ['*.p12', '*.pfx', '*.jks', '*.keystore', '*.kdbx', '*.tfvars'], reason: 'may hold keys or passwords' },
  { patterns: ['credentials.json', 'service-account*.json', 'secrets.json', 'secrets.toml', 'secrets.yaml', 'secrets.yml'], reason: 'may hold credentials' },
  { patterns: ['*.log'], reason: 'a log' },
];

/** A folder that has one of these files is not uploaded, whatever its name. */
const MARKERS: { [file: string]: string } = {
  'pyvenv.cfg': 'a virtual environment',
  'conda-meta': 'a virtual environment',
  'cdk.out': 'the output of a CDK app',
  // https://bford.info/cachedir/
  'CACHEDIR.TAG': 'a cache',
};

const BY_USER = 'exclude';

const KEY_NAME = /(?:\.(?:pem|key|crt|cer)|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519))$/i;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
const LARGEST_KEY_FILE = 64 * 1024;

/**
 * Decides which files of a folder are uploaded. The patterns of the user come last, so that they can leave out more (`docs`), and take
 * each file and folder back by its name (`!.env.production`).
 */
export class UploadRules {
  public readonly constructPath: string;
  private readonly leftOut: Matcher[];
  private readonly doubtful: Matcher[];
  private readonly names: cdk.IgnoreStrategy;
  private readonly ofUser: cdk.IgnoreStrategy;

  /**
   * @param scope the construct of the app
   * @param root the folder that patterns are relative to, as a real path
   * @param exclude the patterns of the user
   * @param more rules for this kind of app
   */
  constructor(scope: Construct, public readonly root: string, private readonly exclude: string[], more: UploadRule[] = []) {
    this.constructPath = scope.node.path;
    const groups = [...LEFT_OUT, ...more, ...this.outputOf(scope)];
    this.names = this.matching([...groups.flatMap(({ patterns }) => patterns), ...exclude]);
    this.ofUser = this.matching(exclude);
    this.leftOut = groups.map(({ patterns, reason }) => ({ reason, matches: this.matching(patterns) }));
    this.doubtful = DOUBTFUL.map(({ patterns, reason }) => ({ reason, matches: this.matching([...patterns, ...exclude]) }));
  }

  /** Returns why a file or folder below the root is not uploaded; undefined if it is. */
  public reasonToLeaveOut(file: string): string | undefined {
    if (this.names.ignores(file)) {
      return this.ofUser.ignores(file) ? BY_USER : this.leftOut.find(({ matches }) => matches.ignores(file))?.reason ?? BY_USER;
    }
    const reason = reasonInContents(file);
    // The patterns of the user can take a file back whatever it contains.
    return reason !== undefined && this.matching([this.patternOf(file), ...this.exclude]).ignores(file) ? reason : undefined;
  }

  /** Returns what speaks against a file that is uploaded. */
  public doubtAbout(file: string): string | undefined {
    return this.doubtful.find(({ matches }) => matches.ignores(file))?.reason;
  }

  /** Returns a pattern that matches only this file or folder. */
  public patternOf(file: string): string {
    return `/${path.relative(this.root, file).split(path.sep).join('/').replace(/[\\*?[\]]| $/g, '\\$&')}`;
  }

  private matching(patterns: string[]): cdk.IgnoreStrategy {
    return cdk.IgnoreStrategy.git(this.root, patterns);
  }

  /** The folder that the CDK writes to may have any name. */
  private outputOf(scope: Construct): UploadRule[] {
    const outdir = cdk.Stage.of(scope)?.assetOutdir;
    const output = outdir === undefined ? undefined : path.resolve(outdir);
    const real = output && existsSync(output) ? realpathSync(output) : output;
    return real?.startsWith(this.root + path.sep) ? [{ patterns: [this.patternOf(real)], reason: MARKERS['cdk.out'] }] : [];
  }
}

interface Matcher {
  readonly reason: string;
  readonly matches: cdk.IgnoreStrategy;
}

function reasonInContents(file: string): string | undefined {
  const stats = existsSync(file) ? statSync(file) : undefined;
  if (stats?.isDirectory()) {
    const marker = Object.keys(MARKERS).find(name => existsSync(path.join(file, name)));
    return marker && MARKERS[marker];
  }
  return stats?.isFile() && stats.size <= LARGEST_KEY_FILE && holdsPrivateKey(file) ? 'holds a private key' : undefined;
}

/** A file with the name of a key may have text before the key. Any other one is a key if it begins as one. */
function holdsPrivateKey(file: string): boolean {
  const beginning = Buffer.alloc(KEY_NAME.test(file) ? LARGEST_KEY_FILE : 64);
  const descriptor = openSync(file, 'r');
  try {
    const text = beginning.toString('latin1', 0, readSync(descriptor, beginning));
    return KEY_NAME.test(file) ? PRIVATE_KEY.test(text) : text.trimStart().search(PRIVATE_KEY) === 0;
  } finally {
    closeSync(descriptor);
  }
}
