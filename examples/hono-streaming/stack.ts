import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Oracle');

new WrappedWebApp(stack, 'Web', {
  entry: join(__dirname, 'src/app.ts'),
  frontDoor: 'function-url',
  responseStreaming: true,
  timeout: Duration.minutes(5), // a Function URL waits as long as the function runs
});
