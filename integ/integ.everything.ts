import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, WrappedWebApp } from '../src';
import { entry } from './app/entry';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-everything');
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });

// Behind an alias, with a domain, limits and an access log; the same function behind an internal load balancer.
const shop = new WrappedWebApp(stack, 'Shop', {
  entry,
  aliasName: 'live',
  frontDoor: FrontDoor.httpApi({
    domain: { name: 'shop.example.com', zone },
    disableExecuteApiEndpoint: true,
    stageOptions: {
      throttle: { rateLimit: 100, burstLimit: 200 },
      accessLogSettings: {
        destination: new apigwv2.LogGroupLogDestination(new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH })),
      },
    },
  }),
});
shop.addFrontDoor('Internal', FrontDoor.alb({
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  internetFacing: false,
  domain: { name: 'shop.internal.example.com', zone },
}));

// Streamed, with an API key and preflight requests that API Gateway answers.
const reports = new WrappedWebApp(stack, 'Reports', {
  entry,
  responseStreaming: true,
  timeout: cdk.Duration.minutes(5),
  frontDoor: FrontDoor.restApi({
    defaultMethodOptions: { apiKeyRequired: true },
    defaultCorsPreflightOptions: { allowOrigins: ['https://shop.example.com'] },
    domain: { name: 'reports.example.com', zone },
  }),
});
reports.restApi!.addUsagePlan('Plan', { apiStages: [{ stage: reports.restApi!.deploymentStage }] }).addApiKey(reports.restApi!.addApiKey('Key'));

// At a path of what other apps use as well, with each door's own kind of neighbour.
const httpApi = new apigwv2.HttpApi(stack, 'SharedHttpApi');
const restApi = new apigateway.RestApi(stack, 'SharedRestApi', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
restApi.root.addResource('neighbour').addMethod('GET', new apigateway.MockIntegration());
const listener = new elbv2.ApplicationLoadBalancer(stack, 'SharedLoadBalancer', { vpc, internetFacing: true, dropInvalidHeaderFields: true })
  .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
const blog = new WrappedWebApp(stack, 'Blog', { entry, frontDoor: FrontDoor.httpApi({ api: httpApi, path: '/blog' }) });
blog.addFrontDoor('Rest', FrontDoor.restApi({ api: restApi, path: '/blog' }));
blog.addFrontDoor('Alb', FrontDoor.alb({ listener, path: '/blog', priority: 10 }));

// For other services of the account only.
new WrappedWebApp(stack, 'Jobs', {
  entry,
  architecture: lambda.Architecture.ARM_64,
  frontDoor: FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM, cors: { allowedOrigins: ['https://shop.example.com'] } }),
});

// From another stack, which adds nothing to the first.
const neighbour = new cdk.Stack(app, 'integ-everything-neighbour');
const forum = new WrappedWebApp(neighbour, 'Forum', { entry, frontDoor: FrontDoor.httpApi({ api: httpApi, path: '/forum' }) });
forum.addFrontDoor('Rest', FrontDoor.restApi({ api: restApi, path: '/forum' }));
forum.addFrontDoor('Alb', FrontDoor.alb({ listener, path: '/forum', priority: 20 }));
