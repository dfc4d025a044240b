import { createHash } from 'node:crypto';

/** What the physical ID and the attributes of a resource are made from. */
export interface ResourceFacts {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** A property of the resource, resolved. */
  property(name: string): unknown;
}

/** Letters and digits like those of AWS's IDs, but the same on every run. */
export function makeId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 16);
}

export function functionArn(facts: Pick<ResourceFacts, 'account' | 'region'>, functionName: string): string {
  return `arn:aws:lambda:${facts.region}:${facts.account}:function:${functionName}`;
}

/** Returns a stand-in for the result of `Ref` (no attribute) or `Fn::GetAtt`, undefined if there is none for this attribute. */
export function standInFor(facts: ResourceFacts, attribute?: string): string | undefined {
  const { stackName, account, region, logicalId, type } = facts;
  const id = makeId(`${stackName}/${logicalId}`);
  const elbArn = `arn:aws:elasticloadbalancing:${region}:${account}:`;
  switch (attribute === undefined ? type : `${type}.${attribute}`) {
    case 'AWS::Lambda::Function': return functionNameOf(facts);
    case 'AWS::Lambda::Function.Arn': return functionArn(facts, functionNameOf(facts));
    case 'AWS::Lambda::Url.FunctionUrl': return `https://${id.padEnd(32, 'x')}.lambda-url.${region}.on.aws/`;
    case 'AWS::Lambda::Version': return `${arnOfNamedFunction(facts)}:1`;
    case 'AWS::Lambda::Version.Version': return '1';
    case 'AWS::Lambda::Alias':
    case 'AWS::Lambda::Alias.AliasArn': return `${arnOfNamedFunction(facts)}:${facts.property('Name')}`;
    case 'AWS::ApiGateway::RestApi.RootResourceId': return makeId(`${stackName}/${logicalId}/root`).slice(0, 10);
    case 'AWS::ApiGateway::Stage': return String(facts.property('StageName'));
    case 'AWS::ApiGatewayV2::Api.ApiEndpoint': return `https://${id.slice(0, 10)}.execute-api.${region}.amazonaws.com`;
    case 'AWS::CloudFront::Function.FunctionARN': return `arn:aws:cloudfront::${account}:function/${facts.property('Name')}`;
    case 'AWS::S3::Bucket.RegionalDomainName': return `${facts.property('BucketName') ?? id.slice(0, 10)}.s3.${region}.amazonaws.com`;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return `${elbArn}loadbalancer/app/${logicalId.slice(0, 16)}/${id}`;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer.DNSName': return `${logicalId.slice(0, 16)}-1234567890.${region}.elb.amazonaws.com`.toLowerCase();
    case 'AWS::ElasticLoadBalancingV2::Listener':
    case 'AWS::ElasticLoadBalancingV2::Listener.ListenerArn': return `${elbArn}listener/app/${id}`;
    case 'AWS::ElasticLoadBalancingV2::TargetGroup':
    case 'AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupArn': return `${elbArn}targetgroup/${logicalId.slice(0, 16)}/${id}`;
    default: return attribute === undefined ? id.slice(0, 10) : undefined;
  }
}

function functionNameOf(facts: ResourceFacts): string {
  return String(facts.property('FunctionName') ?? `${facts.stackName}-${facts.logicalId}`);
}

/** Aliases and versions refer to their function by name or by ARN. */
function arnOfNamedFunction(facts: ResourceFacts): string {
  return functionArn(facts, String(facts.property('FunctionName')).replace(/^arn:[^:]+:lambda:[^:]*:[^:]*:function:/, ''));
}
