import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { readCloudAssembly } from '../../local/assembly/cloud-assembly';
import { findUnservedFeatures } from '../../local/unserved-features';

function featuresOf(build: (stack: cdk.Stack) => void): string[] {
  const app = new cdk.App();
  build(new cdk.Stack(app, 'Stack'));
  return findUnservedFeatures(readCloudAssembly(app.synth().directory).stacks.map(({ template }) => template));
}

function functionIn(stack: cdk.Stack): lambda.Function {
  return new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
}

const CREDENTIALS = 'unlike on AWS, credentials are not checked: any Authorization header is accepted, and the app sees no claims';

test.each<[string, (stack: cdk.Stack) => void, string[]]>([
  ['plain doors', (stack) => {
    functionIn(stack).addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
    new apigateway.RestApi(stack, 'Rest', { cloudWatchRole: false }).root.addMethod('ANY');
    new apigwv2.HttpApi(stack, 'Http');
    new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc: new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }) })
      .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  }, []],
  ['a Function URL with IAM', (stack) => functionIn(stack).addFunctionUrl(), [
    'unlike on AWS, signatures are not checked: any Authorization header of the right form is accepted (Stack/Function/FunctionUrl)',
  ]],
  ['an HTTP API with a JWT authorizer, throttling and a domain', (stack) => {
    const api = new apigwv2.HttpApi(stack, 'Http', { defaultAuthorizer: new HttpJwtAuthorizer('Jwt', 'https://issuer.example', { jwtAudience: ['a'] }) });
    for (const path of ['/a', '/b']) {
      new apigwv2.CfnRoute(stack, `Route${path.slice(1)}`, { apiId: api.apiId, routeKey: `GET ${path}`, authorizationType: 'JWT' });
    }
    new apigwv2.CfnStage(stack, 'Stage', { apiId: api.apiId, stageName: 'x', defaultRouteSettings: { throttlingRateLimit: 5 } });
    new apigwv2.CfnDomainName(stack, 'Domain', { domainName: 'shop.example.com' });
  }, [
    `${CREDENTIALS} (Stack/Routea and 1 more)`,
    'unlike on AWS, requests are not throttled (Stack/Stage)',
    'unlike on AWS, the custom domain is not served: each door has an address of its own (Stack/Domain)',
  ]],
  ['a REST API with everything', (stack) => {
    const api = new apigateway.RestApi(stack, 'Rest', {
      cloudWatchRole: false,
      deployOptions: { cacheClusterEnabled: true, throttlingRateLimit: 5 },
      policy: new cdk.aws_iam.PolicyDocument({ statements: [new cdk.aws_iam.PolicyStatement({ actions: ['execute-api:Invoke'], resources: ['*'], principals: [new cdk.aws_iam.AnyPrincipal()] })] }),
    });
    api.root.addMethod('GET', undefined, {
      authorizer: new apigateway.TokenAuthorizer(stack, 'Token', { handler: functionIn(stack) }),
      apiKeyRequired: true,
      requestValidatorOptions: { validateRequestBody: true },
    });
    api.addUsagePlan('Plan', { quota: { limit: 5, period: apigateway.Period.DAY } });
    new wafv2.CfnWebACLAssociation(stack, 'Waf', { resourceArn: api.deploymentStage.stageArn, webAclArn: 'arn' });
  }, [
    'unlike on AWS, the resource policy is not applied (Stack/Rest)',
    `${CREDENTIALS} (Stack/Rest/Default/GET)`,
    'unlike on AWS, API keys are not checked: any x-api-key header is accepted (Stack/Rest/Default/GET)',
    'unlike on AWS, requests are not validated (Stack/Rest/Default/GET)',
    'unlike on AWS, responses are not cached (Stack/Rest/DeploymentStage.prod)',
    'unlike on AWS, requests are not throttled (Stack/Rest/DeploymentStage.prod)',
    'unlike on AWS, quotas and throttling of usage plans are not applied (Stack/Rest/Plan)',
    'unlike on AWS, the Lambda function of the authorizer is not called, and the app sees no context of it (Stack/Token)',
    'unlike on AWS, the web ACL is not applied: no request is blocked (Stack/Waf)',
  ]],
  ['a load balancer that authenticates', (stack) => {
    new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc: new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }) }).addListener('Listener', {
      port: 443,
      certificates: [elbv2.ListenerCertificate.fromArn('arn')],
      defaultAction: elbv2.ListenerAction.authenticateOidc({
        authorizationEndpoint: 'https://a.example',
        clientId: 'x',
        clientSecret: cdk.SecretValue.unsafePlainText('x'),
        issuer: 'x',
        tokenEndpoint: 'x',
        userInfoEndpoint: 'x',
        next: elbv2.ListenerAction.fixedResponse(200),
      }),
    });
  }, ['unlike on AWS, nobody has to sign in: the load balancer passes every request on, without claims (Stack/Alb/Listener)']],
  ['a distribution', (stack) => {
    new cdk.aws_cloudfront.Distribution(stack, 'Cdn', { defaultBehavior: { origin: new cdk.aws_cloudfront_origins.HttpOrigin('a.example') } });
  }, ['unlike on AWS, the distribution is not served: its cache, functions and viewer settings are not applied; requests go to the doors directly (Stack/Cdn)']],
])('what the doors do not do is told for %s', (_, build, features) => {
  expect(featuresOf(build)).toEqual(features);
});
