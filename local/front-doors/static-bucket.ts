import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { DoorAnswer, DoorRequest } from './front-door';
import { headerOf, splitTarget } from './request-parts';
import { SynthesizedStack } from '../assembly/cloud-assembly';

/** One of the CDK's `BucketDeployment`s: the folders that it uploads, and the headers of their files. */
interface Deployment {
  readonly folders: readonly string[];
  /** What the keys of its files begin with, without slashes at its ends. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What CloudFront compresses: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const COMPRESSIBLE = /^(text\/|application\/(json|javascript|xml|wasm|ld\+json|manifest\+json|rss\+xml|vnd\.ms-fontobject)|font\/(ttf|otf)|image\/(svg\+xml|x-icon|vnd\.microsoft\.icon))/;
const SMALLEST = 1_000;
const LARGEST = 10_000_000;

/** The types that the upload guesses, by Python's own list. Others become `binary/octet-stream`. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  md: 'text/markdown',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/vnd.microsoft.icon',
  wasm: 'application/wasm',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  webmanifest: 'application/manifest+json',
};

/** A bucket with the files that the CDK uploads to it. */
export class StaticBucket {
  private readonly deployments: readonly Deployment[];

  /** @param host the domain name of the bucket, which begins with its name */
  constructor(private readonly host: string, stacks: readonly SynthesizedStack[]) {
    this.deployments = stacks.flatMap(({ template, assets }) => template.read('Custom::CDKBucketDeployment', (resource): Deployment | undefined => {
      if (!host.startsWith(`${resource.id('DestinationBucketName')}.s3.`)) return undefined;
      const keys = resource.value('SourceObjectKeys') as string[];
      return {
        folders: keys.flatMap((key) => assets.get(key) ?? []),
        prefix: String(resource.value('DestinationBucketKeyPrefix') ?? '').replace(/^\/|\/$/g, ''),
        headers: resource.value('SystemMetadata') ?? {},
      };
    }, () => undefined));
  }

  answer(request: DoorRequest, compresses: boolean): DoorAnswer {
    const { path: urlPath } = splitTarget(request.target);
    const found = this.find(urlPath);
    if (!found) {
      return { status: 404, headers: [['content-type', 'application/xml']], body: Buffer.from('<Error><Code>NoSuchKey</Code></Error>'), reason: `the bucket ${this.host} has no file ${urlPath}` };
    }
    const { file, headers } = found;
    const body = fs.readFileSync(file);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const type = headers['content-type'] ?? TYPES[path.extname(file).slice(1).toLowerCase()] ?? 'binary/octet-stream';
    const own = Object.entries({ ...headers, 'content-type': type, 'accept-ranges': 'bytes', 'server': 'AmazonS3' });
    if (headerOf(request, 'if-none-match')?.split(/, */).some((each) => each.replace(/^W\//, '') === etag)) {
      return { status: 304, headers: [...own, ['etag', etag]], body: Buffer.alloc(0) };
    }
    const encoding = compresses ? encodingFor(request, type, body.length) : undefined;
    return {
      status: 200,
      headers: [...own, ...encoding ? [['content-encoding', encoding], ['vary', 'Accept-Encoding'], ['etag', `W/${etag}`]] as const : [['etag', etag]] as const],
      body: encoding === 'br' ? brotliCompressSync(body) : encoding === 'gzip' ? gzipSync(body) : body,
    };
  }

  /** Of several uploads of one name the last one counts. */
  private find(urlPath: string): { file: string; headers: Readonly<Record<string, string>> } | undefined {
    const key = decode(urlPath).slice(1);
    for (const { folders, prefix, headers } of [...this.deployments].reverse()) {
      const below = prefix === '' ? key : key.startsWith(`${prefix}/`) ? key.slice(prefix.length + 1) : undefined;
      for (const folder of below === undefined ? [] : [...folders].reverse()) {
        const file = path.join(folder, below!);
        // Keys are plain text to S3: dots lead nowhere.
        const isWithin = path.relative(folder, file).split(path.sep).join('/') === below;
        // `statSync` throws for a name below a file, one with a NUL, and one that is too long.
        if (isWithin && fs.existsSync(file) && fs.statSync(file).isFile()) return { file, headers };
      }
    }
    return undefined;
  }
}

function decode(urlPath: string): string {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return urlPath;
  }
}

function encodingFor(request: DoorRequest, type: string, size: number): 'br' | 'gzip' | undefined {
  if (size < SMALLEST || size > LARGEST || !COMPRESSIBLE.test(type)) return undefined;
  const accepted = headerOf(request, 'accept-encoding') ?? '';
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}
