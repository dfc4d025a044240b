import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AppSource, WrappedWebApp } from 'cdk-wrapped-web-app';

const REPOSITORY = join(__dirname, '..');

const stack = new Stack(new App(), 'Shop');

new WrappedWebApp(stack, 'Web', {
  entry: AppSource.node(join(REPOSITORY, 'apps/shop/src/app.ts'), {
    // Assets of two packages: without it, the root is that of the app, apps/shop.
    projectRoot: REPOSITORY,
    assets: ['apps/shop/views', 'packages/catalog/images'],
  }),
  frontDoor: 'http-api',
});
