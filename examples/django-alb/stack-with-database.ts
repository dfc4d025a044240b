import { join } from 'node:path';
import { App, Duration, Stack, aws_ec2 as ec2, aws_rds as rds, aws_scheduler as scheduler, aws_scheduler_targets as targets } from 'aws-cdk-lib';
import { AppSource, WebAppCommand, WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'GuestbookWithDatabase');

const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false });
const database = new rds.DatabaseInstance(stack, 'Database', {
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
  databaseName: 'guestbook',
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
});

const site = new WrappedWebApp(stack, 'Site', {
  entry: AppSource.python(join(__dirname, 'site/mysite/wsgi.py'), {
    exclude: ['db.sqlite3'],
    commandHooks: {
      beforeBundling: () => ['uv run --no-project --with-requirements requirements.txt python manage.py collectstatic --noinput'],
      afterBundling: () => [],
    },
  }),
  frontDoor: 'alb',
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  // Visitors get the new code only after its migration.
  aliasName: 'live',
  environment: {
    DJANGO_SECRET_KEY: process.env.DJANGO_SECRET_KEY ?? 'only for trying it out',
    DATABASE_HOST: database.dbInstanceEndpointAddress,
    DATABASE_NAME: 'guestbook',
    // References that CloudFormation resolves in the deployment: the values are not in the template, but in the settings of the function.
    DATABASE_USER: database.secret!.secretValueFromJson('username').unsafeUnwrap(),
    DATABASE_PASSWORD: database.secret!.secretValueFromJson('password').unsafeUnwrap(),
  },
});
// The commands are in the same security group.
database.connections.allowDefaultPortFrom(site);

new WebAppCommand(stack, 'Migrate', {
  app: site,
  command: ['python', 'manage.py', 'migrate', '--noinput'],
  onDeploy: true,
});

// Any other command, by hand: the arguments come from the payload.
new WebAppCommand(stack, 'Manage', { app: site, command: ['python', 'manage.py'], timeout: Duration.minutes(15) });

const cleanUp = new WebAppCommand(stack, 'CleanUp', {
  app: site,
  command: ['python', 'manage.py', 'clearsessions'],
  // The schedule invokes the function asynchronously, so the retries of a command that fails are those of the function.
  retryAttempts: 1,
  deadLetterQueueEnabled: true,
});
new scheduler.Schedule(stack, 'Nightly', {
  schedule: scheduler.ScheduleExpression.cron({ hour: '3', minute: '0' }),
  target: new targets.LambdaInvoke(cleanUp.handler, { maxEventAge: Duration.hours(2) }),
});
