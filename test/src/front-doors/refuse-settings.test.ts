import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { FrontDoor, IFrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const balancerIn = (stack: cdk.Stack) => new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc: new ec2.Vpc(stack, 'Vpc') });
const listenerIn = (stack: cdk.Stack) => balancerIn(stack).addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });

test.each<[string, (stack: cdk.Stack) => IFrontDoor, string]>([
  ['loadBalancer', stack => FrontDoor.alb({ loadBalancer: balancerIn(stack), idleTimeout: cdk.Duration.seconds(1), internetFacing: true }),
    'internetFacing, idleTimeout cannot be set together with an existing loadBalancer; set them on that loadBalancer'],
  ['listener', stack => FrontDoor.alb({ listener: listenerIn(stack), priority: 10, path: '/app', certificates: [{ certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/id' }] }),
    'certificates cannot be set together with an existing listener; set it on that listener'],
  ['HTTP API', stack => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), apiName: 'x', corsPreflight: {} }),
    'apiName, corsPreflight cannot be set together with an existing api; set them on that api'],
  ['REST API', stack => FrontDoor.restApi({ api: new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'] }), restApiName: 'x' }),
    'restApiName cannot be set together with an existing api; set it on that api'],
])('fails if settings of an existing %s are given', (_, frontDoorIn, message) => {
  const stack = testStack();
  expect(() => new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoorIn(stack) })).toThrow(`Stack/Web/FrontDoor: ${message}`);
});
