import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Haiku');

new WrappedWebApp(stack, 'Api', {
  entry: join(__dirname, 'app/main.py'),
  frontDoor: 'function-url',
  responseStreaming: true,
});
