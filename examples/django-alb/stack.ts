import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Guestbook');

new WrappedWebApp(stack, 'Site', {
  entry: join(__dirname, 'site/mysite/wsgi.py'),
  frontDoor: 'alb',
  environment: { DJANGO_SECRET_KEY: process.env.DJANGO_SECRET_KEY ?? 'only for trying it out' },
});
