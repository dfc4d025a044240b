import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Cors, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FrontDoor, WrappedWebApp } from 'cdk-wrapped-web-app';

const stack = new Stack(new App(), 'Notes');

const authorizer = new TokenAuthorizer(stack, 'Authorizer', {
  handler: new Function(stack, 'AuthorizerFunction', {
    code: Code.fromAsset(join(__dirname, 'authorizer')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  }),
});

new WrappedWebApp(stack, 'Api', {
  entry: join(__dirname, '../src/main.ts'),
  frontDoor: FrontDoor.restApi({
    defaultMethodOptions: { authorizer },
    // Browsers send preflight requests without a token. API Gateway answers them.
    defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS },
  }),
});
