import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AppSource, WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Guestbook');

new WrappedWebApp(stack, 'Site', {
  entry: AppSource.python(join(__dirname, 'site/mysite/wsgi.py'), {
    // The database is meant to be uploaded, so no warning is needed.
    exclude: ['!db.sqlite3'],
    commandHooks: {
      beforeBundling: () => ['uv run --no-project --with-requirements requirements.txt python manage.py collectstatic --noinput'],
      afterBundling: () => [],
    },
  }),
  frontDoor: 'alb',
  environment: { DJANGO_SECRET_KEY: process.env.DJANGO_SECRET_KEY ?? 'only for trying it out' },
});
