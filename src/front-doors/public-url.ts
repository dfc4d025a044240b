import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** What all built-in front doors can be told about the address of the app. */
export interface PublicUrlOptions {
  /**
   * The URL at which clients reach the app, if the front door cannot know it: behind a CDN, or under a name whose DNS record is made
   * elsewhere. It becomes the `url` of the app and its output `Url`, and adds nothing to the stack.
   *
   * An absolute URL with `http` or `https`, with the path of the app and without a query, e.g. `https://www.example.com/shop`.
   *
   * @default - the address that the front door knows; an error if it knows none at which the app answers
   */
  readonly publicUrl?: string;
}

/** Checks `publicUrl`. Returns undefined if it is not set. The root of a host gets its slash, as in all other URLs of apps. */
export function publicUrlOf(scope: Construct, { publicUrl }: PublicUrlOptions): string | undefined {
  if (publicUrl === undefined || cdk.Token.isUnresolved(publicUrl)) return publicUrl;
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  if (!url || !/^https?:\/\/[^\s?#@]+$/i.test(publicUrl)) {
    throw new Error(`${scope.node.path}: publicUrl must be an absolute URL with http or https, without user name, query and fragment, `
      + `e.g. 'https://www.example.com/shop', got ${JSON.stringify(publicUrl)}`);
  }
  return url.pathname === '/' ? `${url.origin}/` : publicUrl;
}
