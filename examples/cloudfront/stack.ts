import { join } from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontDoor, WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Gallery');

new WrappedWebApp(stack, 'Web', {
  entry: join(__dirname, 'src/app.ts'),
  responseStreaming: true,
  frontDoor: new CloudFrontDoor({
    staticFiles: [{ folder: join(__dirname, 'public') }],
    // Without it, the bucket is kept when the stack is deleted.
    staticFilesBucket: new Bucket(stack, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    }),
  }),
});
