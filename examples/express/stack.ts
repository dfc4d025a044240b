import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AppSource, FrontDoorName, WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Express');

const entry = AppSource.node(join(__dirname, 'src/app.ts'), { assets: ['public', 'views'] });

for (const frontDoor of ['function-url', 'http-api', 'rest-api', 'alb'] as FrontDoorName[]) {
  new WrappedWebApp(stack, frontDoor, { entry, frontDoor });
}
