import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Colours');

new WrappedWebApp(stack, 'Web', { entry: join(__dirname, 'app/main.py'), frontDoor: 'rest-api' });
