import * as fs from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { StaticFolder } from './static-folder';

/** A year, which is what caches take for ever: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2 */
const KEPT = 'public, max-age=31536000, immutable';
/** Kept, but not used before the server was asked whether the file has changed. */
const ASKED = 'public, max-age=0, must-revalidate';

/**
 * Types that the upload does not know or gives without their charset. It takes all others from the types of Python.
 * https://docs.python.org/3.13/library/mimetypes.html
 */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  map: 'application/json',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
};

/**
 * Uploads a folder. Files of earlier deployments stay, since pages that are open need them.
 *
 * @returns one deployment for each kind of header: a deployment gives all its files the same
 */
export function uploadFolder(scope: Construct, folder: StaticFolder, bucket: s3.IBucket): BucketDeployment[] {
  const groups = new Map<string, string[]>();
  for (const file of folder.files) {
    const extension = path.posix.extname(file).slice(1).toLowerCase();
    const id = `${folder.hashed.includes(file) ? 'Kept' : 'Asked'}${Object.hasOwn(CONTENT_TYPES, extension) ? `-${extension}` : ''}`;
    groups.set(id, [...groups.get(id) ?? [], file]);
  }
  const own = new Construct(scope, `Files${folder.prefix.replace(/\//g, '-')}`);
  return [...groups].map(([id, files]) => {
    const [cache, extension] = id.split('-');
    return new BucketDeployment(own, id, {
      sources: [Source.asset(folder.folder, {
        assetHashType: cdk.AssetHashType.OUTPUT,
        bundling: { image: cdk.DockerImage.fromRegistry('not-used'), local: new SelectedFiles(folder.folder, files) },
      })],
      destinationBucket: bucket,
      destinationKeyPrefix: folder.prefix === '' ? undefined : folder.prefix,
      prune: false,
      cacheControl: [CacheControl.fromString(cache === 'Kept' ? KEPT : ASKED)],
      contentType: extension && CONTENT_TYPES[extension],
      // 128 MB, the CDK's default, is too little for larger sites.
      memoryLimit: 1024,
    });
  });
}

/** The files of a deployment. The CDK tells two selections of one folder apart by the fields of this object. */
class SelectedFiles implements cdk.ILocalBundling {
  constructor(private readonly folder: string, private readonly files: readonly string[]) {}

  public tryBundle(outputDir: string): boolean {
    for (const file of this.files) {
      const target = path.join(outputDir, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(path.join(this.folder, file), target);
    }
    return true;
  }
}
