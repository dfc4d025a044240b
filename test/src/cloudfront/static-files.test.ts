import * as fs from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AppSource, CloudFrontDoor, StaticFiles, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, RECOMMENDED_FLAGS, scratchFolder } from '../synthesis';

const SITE = folderWith({
  '_app/immutable/start.Dx8fQ1aB.js': 'start',
  '_app/immutable/fonts/a.woff2': 'font',
  '_app/version.json': '{}',
  'favicon.ico': 'icon',
  'robots.txt': 'robots',
  'about/index.html': '<h1>',
  '.well-known/security.txt': 'security',
  '.vite/manifest.json': '{}',
  '.env': 'SECRET=1',
});

function folderWith(files: Record<string, string>): string {
  const folder = scratchFolder();
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

const APP = AppSource.prebuilt(lambda.Code.fromInline('x'), 'index.handler');

interface More {
  readonly bucket?: (stack: cdk.Stack) => s3.IBucket;
  readonly context?: object;
}

/** Here assets are made, as in `cdk synth`. The app is code that needs no bundle. */
function make(staticFiles: StaticFiles[], props: Partial<WrappedWebAppProps> = {}, more: More = {}) {
  const app = new cdk.App({ outdir: scratchFolder(), context: { ...more.context } });
  const stack = new cdk.Stack(app, 'Stack');
  const door = new CloudFrontDoor({ staticFiles, staticFilesBucket: more.bucket?.(stack) });
  const web = new WrappedWebApp(stack, 'Web', { entry: APP, frontDoor: door, ...props });
  return { app, stack, web, template: Template.fromStack(stack) };
}

function behavioursOf(template: Template): any[] {
  return Object.values(template.findResources('AWS::CloudFront::Distribution'))[0].Properties.DistributionConfig.CacheBehaviors;
}

/** The files of each deployment, by what its files are sent with. */
function deploymentsOf(app: cdk.App, template: Template): { headers: [string, string | undefined]; prefix?: string; files: string[] }[] {
  const { outdir } = app;
  return Object.values(template.findResources('Custom::CDKBucketDeployment')).map(({ Properties }) => {
    const [key] = Properties.SourceObjectKeys;
    const folder = path.join(outdir, `asset.${key.replace('.zip', '')}`);
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort();
    return { headers: [Properties.SystemMetadata['cache-control'], Properties.SystemMetadata['content-type']], prefix: Properties.DestinationBucketKeyPrefix, files };
  });
}

const KEPT = 'public, max-age=31536000, immutable';
const ASKED = 'public, max-age=0, must-revalidate';

describe('a folder at the root', () => {
  const { app, template, stack } = make([{ folder: SITE, hashed: ['_app/immutable/**'] }]);

  test('has a path for each of its files and folders, before the app', () => {
    expect(behavioursOf(template).map(({ PathPattern }) => PathPattern)).toEqual(['/.well-known/*', '/_app/*', '/about/*', '/favicon.ico', '/robots.txt']);
    for (const behaviour of behavioursOf(template)) {
      expect(behaviour).toMatchObject({ Compress: true, ViewerProtocolPolicy: 'redirect-to-https', CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' });
      expect(behaviour.FunctionAssociations).toBeUndefined();
      expect(behaviour.OriginRequestPolicyId).toBeUndefined();
    }
  });

  test('is uploaded with content types, long caching for hashed names and none for the rest, and without what is hidden', () => {
    expect(deploymentsOf(app, template)).toEqual(expect.arrayContaining([
      { headers: [KEPT, undefined], files: ['_app/immutable/start.Dx8fQ1aB.js'] },
      { headers: [KEPT, 'font/woff2'], files: ['_app/immutable/fonts/a.woff2'] },
      { headers: [ASKED, undefined], files: ['_app/version.json', 'favicon.ico'] },
      { headers: [ASKED, 'text/html; charset=utf-8'], files: ['about/index.html'] },
      { headers: [ASKED, 'text/plain; charset=utf-8'], files: ['.well-known/security.txt', 'robots.txt'] },
    ]));
    template.resourceCountIs('Custom::CDKBucketDeployment', 5);
  });

  test('keeps the files of earlier deployments, which open pages need', () => {
    for (const { Properties } of Object.values(template.findResources('Custom::CDKBucketDeployment'))) expect(Properties.Prune).toBe(false);
  });

  test('is in a private bucket that only this distribution reads', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', { OriginAccessControlConfig: { OriginAccessControlOriginType: 's3', SigningBehavior: 'always' } });
    const [{ Properties: { PolicyDocument } }] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const allowed = PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Allow');
    expect(allowed.map(({ Principal }: any) => Principal.Service)).toEqual(allowed.map(() => 'cloudfront.amazonaws.com'));
    expect(allowed.flatMap(({ Action }: any) => Action).sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
    for (const { Condition } of allowed) expect(JSON.stringify(Condition.StringEquals['AWS:SourceArn'])).toContain('Distribution');
  });

  test('is there before the function has its new code', () => {
    const [{ DependsOn }] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Environment: Match.anyValue() } }));
    expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('Custom::CDKBucketDeployment'))));
  });

  test('adds no warning', () => {
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('with an alias, the alias waits for the files', () => {
  const { template } = make([{ folder: SITE }], { aliasName: 'live' });
  const [{ DependsOn }] = Object.values(template.findResources('AWS::Lambda::Alias'));
  expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('Custom::CDKBucketDeployment'))));
});

test('a folder at a path has only that path, and its files lie below it', () => {
  const { app, template } = make([{ folder: folderWith({ 'css/site.css': 'a', 'a b.txt': 'b' }), path: '/static/v1' }]);
  expect(behavioursOf(template).map(({ PathPattern }) => PathPattern)).toEqual(['/static/v1/*']);
  expect(deploymentsOf(app, template).map(({ prefix, files }) => [prefix, files])).toEqual(expect.arrayContaining([['static/v1', ['css/site.css']], ['static/v1', ['a b.txt']]]));
});

test('several folders keep their order, so that the first that has a path wins', () => {
  const one = folderWith({ 'static/a.css': 'a' });
  const other = folderWith({ 'b.css': 'b' });
  const { template } = make([{ folder: other, path: '/static/deep' }, { folder: one }]);
  expect(behavioursOf(template).map(({ PathPattern }) => PathPattern)).toEqual(['/static/deep/*', '/static/*']);
});

test('the bucket can be one of the user', () => {
  const { template } = make([{ folder: SITE }], {}, { bucket: stack => new s3.Bucket(stack, 'Own', { removalPolicy: cdk.RemovalPolicy.DESTROY, autoDeleteObjects: true }) });
  template.resourceCountIs('AWS::S3::Bucket', 1);
  template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
});

test('equal folders make equal assets, and their files may be in two apps', () => {
  const files = { 'a.css': 'a' };
  const keys = [folderWith(files), folderWith(files)].map(folder => {
    const [{ Properties }] = Object.values(make([{ folder }]).template.findResources('Custom::CDKBucketDeployment'));
    return Properties.SourceObjectKeys;
  });
  expect(keys[0]).toEqual(keys[1]);
});

test('links are followed', () => {
  const folder = folderWith({ 'a.css': 'a' });
  fs.symlinkSync(SITE, path.join(folder, 'linked'));
  const { app, template } = make([{ folder }]);
  expect(behavioursOf(template).map(({ PathPattern }) => PathPattern)).toEqual(['/a.css', '/linked/*']);
  expect(deploymentsOf(app, template).flatMap(({ files }) => files)).toContain('linked/about/index.html');
});

test('works with all recommended feature flags', () => {
  expect(() => make([{ folder: SITE }], {}, { context: RECOMMENDED_FLAGS })).not.toThrow();
});

test.each<[string, StaticFiles[] | (() => StaticFiles[]), string]>([
  ['a folder that is missing', [{ folder: '/nowhere/dist' }],
    'Stack/Web/FrontDoor: staticFiles: there is no folder /nowhere/dist; build the site before the synthesis, or correct folder "/nowhere/dist"'],
  ['a file', [{ folder: ENTRY }], 'there is no folder'],
  ['a path below a file', [{ folder: `${ENTRY}/dist` }], 'there is no folder'],
  ['an empty folder', () => [{ folder: scratchFolder() }], 'is empty; build the site before the synthesis, or drop it'],
  ['a folder of hidden files', () => [{ folder: folderWith({ '.env': 'a' }) }], 'is empty'],
  ['a path without a slash', [{ folder: SITE, path: 'static' }], "path must start with a slash and end without one, and have no character that URLs escape, e.g. '/static', got \"static\""],
  ['a path with a slash at its end', [{ folder: SITE, path: '/static/' }], 'path must start with a slash and end without one'],
  ['a path with a wildcard', [{ folder: SITE, path: '/*' }], 'path must start with a slash'],
  ['a pattern without a file', [{ folder: SITE, hashed: ['assets/**'] }], 'hashed has a pattern that matches no file in'],
  ['two folders with one path', () => [{ folder: SITE }, { folder: folderWith({ 'favicon.ico': 'a' }) }], 'both have the path /favicon.ico; merge them into one folder, or give one of them another path'],
  ['a name with a space at the root', () => [{ folder: folderWith({ 'a b.txt': 'a' }) }], '/a b.txt has a character that a path of a distribution cannot have; rename it, or put it into a folder'],
  ['too many files at the root', () => [{ folder: folderWith(Object.fromEntries(Array.from({ length: 75 }, (_, index) => [`${index}.png`, '']))) }],
    'staticFiles: a distribution has at most 75 paths, with that of the app, and these folders have 75; put their files into fewer folders, or give a folder a path of its own'],
])('%s is refused', (_, staticFiles, message) => {
  expect(() => make(typeof staticFiles === 'function' ? staticFiles() : staticFiles)).toThrow(message);
});
