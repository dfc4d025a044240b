/** A template, as far as its resources. */
export interface CloudFormationTemplate {
  readonly Resources: { readonly [logicalId: string]: Resource };
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [property: string]: any };
}

/**
 * What of each type AWS allows only once: a space of names, and the properties that make a name in it. Undefined where the resource has
 * no such name. The names of the user that CloudFormation would make otherwise are in here as well.
 */
const UNIQUE: { readonly [type: string]: (properties: any, template: CloudFormationTemplate) => unknown[] | undefined } = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
  // "A custom domain name must be unique within a Region across all AWS accounts": both versions share the names.
  'AWS::ApiGateway::DomainName': ({ DomainName }) => ['domain name', DomainName],
  'AWS::ApiGatewayV2::DomainName': ({ DomainName }) => ['domain name', DomainName],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
  'AWS::ApiGateway::BasePathMapping': ({ DomainName, BasePath }, template) => ['mapping', domainNameOf(DomainName, template), BasePath || '(none)'],
  'AWS::ApiGatewayV2::ApiMapping': ({ DomainName, ApiMappingKey }, template) => ['mapping', domainNameOf(DomainName, template), ApiMappingKey || '(none)'],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
  'AWS::ApiGatewayV2::Route': ({ ApiId, RouteKey }) => ['route', ApiId, RouteKey],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
  'AWS::ApiGatewayV2::Stage': ({ ApiId, StageName }) => ['stage', ApiId, StageName],
  // https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
  'AWS::ApiGateway::Stage': ({ RestApiId, StageName }) => ['stage', RestApiId, StageName],
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html
  'AWS::ApiGateway::Resource': ({ ParentId, PathPart }) => ['path', ParentId, PathPart],
  // https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
  'AWS::ApiGateway::Method': ({ ResourceId, HttpMethod }) => ['method', ResourceId, HttpMethod],
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (DuplicateListener)
  'AWS::ElasticLoadBalancingV2::Listener': ({ LoadBalancerArn, Port }) => ['listener', LoadBalancerArn, Port],
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (PriorityInUse)
  'AWS::ElasticLoadBalancingV2::ListenerRule': ({ ListenerArn, Priority }) => ['rule', ListenerArn, Priority],
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Name }) => Name && ['load balancer', Name],
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  'AWS::ElasticLoadBalancingV2::TargetGroup': ({ Name }) => Name && ['target group', Name],
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html
  'AWS::Lambda::Url': ({ TargetFunctionArn, Qualifier }) => ['Function URL', TargetFunctionArn, Qualifier ?? '$LATEST'],
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
  'AWS::Lambda::Alias': ({ FunctionName, Name }) => ['alias', FunctionName, Name],
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  'AWS::Lambda::Function': ({ FunctionName }) => FunctionName && ['function', FunctionName],
  // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
  'AWS::Route53::RecordSet': ({ HostedZoneId, Name, Type, SetIdentifier }) => ['record', HostedZoneId, Name, Type, SetIdentifier ?? ''],
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  'AWS::EC2::SecurityGroup': ({ GroupName, VpcId }) => GroupName && ['security group', VpcId, GroupName],
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
  'AWS::EC2::SecurityGroupIngress': ({ GroupId, IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, SourceSecurityGroupId }) =>
    ['ingress', GroupId, IpProtocol, FromPort, ToPort, CidrIp ?? CidrIpv6 ?? SourceSecurityGroupId],
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  'AWS::Logs::LogGroup': ({ LogGroupName }) => LogGroupName && ['log group', LogGroupName],
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  'AWS::IAM::Role': ({ RoleName }) => RoleName && ['role', RoleName],
};

/** The name behind a reference to a domain name of the template. */
function domainNameOf(value: any, { Resources }: CloudFormationTemplate): unknown {
  return Resources[value?.Ref]?.Properties!.DomainName ?? value;
}

/** The logical ID of each unique name in a template. */
export function uniqueNames(template: CloudFormationTemplate): Map<string, string> {
  const names = new Map<string, string>();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const parts = UNIQUE[Type]?.(Properties ?? {}, template);
    if (!parts) continue;
    const name = parts.map(part => typeof part === 'string' ? part : JSON.stringify(part)).join(' ');
    if (names.has(name)) throw new Error(`${name} is in one template twice: ${names.get(name)} and ${id}`);
    names.set(name, id);
  }
  return names;
}

/** Why CloudFormation could not update a stack from one template to the other, in either direction. It creates before it deletes. */
export function problemsOfUpdate(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  return [
    ...idsWithTwoTypes(before, after),
    ...namesWithTwoIds(before, after),
    ...targetGroupsOfTwoLoadBalancers(before, after),
    ...loadBalancersOfTwoVpcs(before, after),
    ...apisOfTwoEndpointTypes(before, after),
  ];
}

function idsOfBoth(before: CloudFormationTemplate, after: CloudFormationTemplate, type?: string): string[] {
  return Object.keys(before.Resources).filter(id => after.Resources[id] && (!type || before.Resources[id].Type === type));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html: "Update of resource type is not permitted" */
function idsWithTwoTypes(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  return idsOfBoth(before, after)
    .filter(id => before.Resources[id].Type !== after.Resources[id].Type)
    .map(id => `${id} is of type ${before.Resources[id].Type} and ${after.Resources[id].Type}`);
}

function namesWithTwoIds(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  const names = uniqueNames(after);
  return [...uniqueNames(before)]
    .filter(([name, id]) => names.has(name) && names.get(name) !== id)
    .map(([name, id]) => `${name} is ${id} and ${names.get(name)}`);
}

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (TargetGroupAssociationLimit) */
function targetGroupsOfTwoLoadBalancers(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  return idsOfBoth(before, after, TARGET_GROUP)
    .filter(id => loadBalancerOf(id, before) !== loadBalancerOf(id, after))
    .map(id => `${id} is a target group of ${loadBalancerOf(id, before)} and ${loadBalancerOf(id, after)}`);
}

/** The load balancer of a target group, with the property that makes CloudFormation replace it. */
function loadBalancerOf(targetGroup: string, { Resources }: CloudFormationTemplate): string {
  const all = Object.values(Resources);
  const user = all.find(({ Type, Properties }) =>
    [LISTENER, LISTENER_RULE].includes(Type) && JSON.stringify(Properties).includes(JSON.stringify({ Ref: targetGroup })));
  if (!user) throw new Error(`${targetGroup} is the target group of no listener`);
  const listener = user.Type === LISTENER ? user : Resources[user.Properties!.ListenerArn.Ref];
  const id: string = listener.Properties!.LoadBalancerArn.Ref;
  return `${Resources[id].Properties!.Scheme} ${id}`;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html (InvalidSubnet) */
function loadBalancersOfTwoVpcs(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  return idsOfBoth(before, after, LOAD_BALANCER)
    .filter(id => vpcOf(id, before) !== vpcOf(id, after))
    .map(id => `${id} is in ${vpcOf(id, before)} and ${vpcOf(id, after)}`);
}

/** The VPC of a load balancer. The ids of imported subnets contain that of their VPC. */
function vpcOf(loadBalancer: string, { Resources }: CloudFormationTemplate): string {
  const [subnet] = Resources[loadBalancer].Properties!.Subnets;
  return typeof subnet === 'string' ? subnet.split('-of-')[1].slice(0, -2) : Resources[subnet.Ref].Properties!.VpcId.Ref;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html: "You cannot change a private API into an edge-optimized API" */
function apisOfTwoEndpointTypes(before: CloudFormationTemplate, after: CloudFormationTemplate): string[] {
  const typeOf = (id: string, { Resources }: CloudFormationTemplate) => Resources[id].Properties!.EndpointConfiguration?.Types[0] ?? 'EDGE';
  return idsOfBoth(before, after, 'AWS::ApiGateway::RestApi')
    .filter(id => [typeOf(id, before), typeOf(id, after)].sort().join() === 'EDGE,PRIVATE')
    .map(id => `${id} is EDGE and PRIVATE`);
}
