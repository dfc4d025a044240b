import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CloudFrontDoor, FrontDoor, WrappedWebApp } from '../src';
import { entry } from './app/entry';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-cloudfront');

// Before each front door; before one while the secret is rotated.
new WrappedWebApp(stack, 'Web', { entry, frontDoor: new CloudFrontDoor(), environment: { RELEASE: process.env.RELEASE ?? '1' } });
new WrappedWebApp(stack, 'Api', { entry, frontDoor: new CloudFrontDoor({ origin: 'http-api', secretIds: ['2', '1'] }) });
new WrappedWebApp(stack, 'Rest', { entry, frontDoor: new CloudFrontDoor({ origin: FrontDoor.restApi({ deployOptions: { stageName: 'live' } }) }) });
new WrappedWebApp(stack, 'Alb', { entry, frontDoor: new CloudFrontDoor({ origin: 'alb' }) });

// A site with a domain and static files, which streams and is behind an alias.
const site = new cdk.Stack(app, 'integ-cloudfront-site');
new WrappedWebApp(site, 'Web', {
  entry,
  responseStreaming: true,
  aliasName: 'live',
  frontDoor: new CloudFrontDoor({
    domain: { name: 'www.example.com', zone: new route53.PublicHostedZone(site, 'Zone', { zoneName: 'example.com' }) },
    staticFiles: [{ folder: path.join(__dirname, 'app/public'), path: '/public' }],
    staticFilesBucket: new s3.Bucket(site, 'Files', { removalPolicy: cdk.RemovalPolicy.DESTROY, autoDeleteObjects: true, enforceSSL: true }),
  }),
});
