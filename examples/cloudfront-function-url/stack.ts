import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';
import { CloudFrontBeforeFunctionUrl } from './cloud-front-before-function-url';

const stack = new Stack(new App(), 'Catalogue');

new WrappedWebApp(stack, 'Web', {
  entry: join(__dirname, 'src/app.ts'),
  frontDoor: new CloudFrontBeforeFunctionUrl(),
  // Nobody but the distribution can call the Function URL, and it always sets the header.
  trustForwardedHost: true,
});
