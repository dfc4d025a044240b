import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { templateOf } from './configurations';

const FILE = path.join(__dirname, 'logical-ids.txt');

/** Rewrites the file: `UPDATE_SNAPSHOTS=1 npx jest test/src/updates`. */
const UPDATE = process.env.UPDATE_SNAPSHOTS === '1';

const REPRESENTATIVE = [
  'function-url',
  'function-url with an alias',
  'http-api',
  'http-api with a named stage',
  'http-api with CORS and an authorizer',
  'http-api with a domain and mutual TLS',
  'http-api at a path of an API',
  'rest-api',
  'rest-api with a named stage',
  'rest-api with CORS',
  'rest-api with a domain and mutual TLS',
  'rest-api with an EDGE endpoint and a domain',
  'rest-api at a path of an API',
  'rest-api at another path of an imported API',
  'alb',
  'alb with a port',
  'alb with a certificate',
  'alb with a domain and mutual TLS',
  'alb in a VPC',
  'internal alb',
  'alb on a load balancer with a domain',
  'alb on another load balancer',
  'alb at a path of a listener',
  'http-api and alb with a domain',
  'CloudFront',
  'CloudFront while its secret is rotated',
  'CloudFront with a domain',
  'CloudFront with static files',
];

/** For each configuration the logical IDs of the app's resources, with their types. */
function currentIds(): Map<string, string[]> {
  const ofTheUser = new Set(resourcesOf('function-url').filter(resource => !resource.startsWith('Web')));
  return new Map(REPRESENTATIVE.map(name => [name, resourcesOf(name).filter(resource => !ofTheUser.has(resource))]));
}

function resourcesOf(name: string): string[] {
  return Object.entries(templateOf(name).Resources).map(([id, { Type }]) => `${withoutContentHash(id)} ${Type}`).sort();
}

/** A deployment and a version get another ID whenever their contents change, because AWS cannot change them. */
function withoutContentHash(id: string): string {
  return id.replace(/((?:Deployment|CurrentVersion)[0-9A-F]{8})[0-9a-f]{32}$/, '$1<contents>');
}

/** The file has a line with the name of a configuration, and below it a line with two spaces for each resource. */
function write(ids: Map<string, string[]>): void {
  writeFileSync(FILE, [...ids].flatMap(([name, resources]) => [name, ...resources.map(resource => `  ${resource}`)]).join('\n') + '\n');
}

function linesOf(ids: Map<string, string[]>): string[] {
  return [...ids].flatMap(([name, resources]) => resources.map(resource => `${name}: ${resource}`));
}

function committedLines(): string[] {
  let name: string;
  return (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '').split('\n').flatMap(line => {
    if (line.startsWith('  ')) return [`${name}: ${line.trim()}`];
    name = line;
    return [];
  });
}

test('the logical IDs and their types are the committed ones', () => {
  const ids = currentIds();
  if (UPDATE) write(ids);
  const current = linesOf(ids);
  const committed = committedLines();
  const removed = committed.filter(line => !current.includes(line));
  const added = current.filter(line => !committed.includes(line));
  if (removed.length + added.length === 0) return;
  throw new Error([
    'logical IDs have changed:',
    ...removed.map(line => `  - ${line}`),
    ...added.map(line => `  + ${line}`),
    removed.length > 0
      ? 'CloudFormation would delete the resources with a minus from every deployed stack: an API, a Function URL or a load balancer would get another '
        + 'address. Keep their IDs and types. If the change is meant, it needs a major release, and docs/front-doors.md must say what users have to do.'
      : 'No ID was removed, so deployed stacks only get the new resources.',
    `To accept the changes: UPDATE_SNAPSHOTS=1 npx jest test/src/updates, and commit ${path.basename(FILE)}. See docs/decisions/0011-logical-ids.md.`,
  ].join('\n'));
});
