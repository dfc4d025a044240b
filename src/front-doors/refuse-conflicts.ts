import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct, IConstruct } from 'constructs';
import { constructOf, identityOf, referencedBy, resourcesOf } from './find-resources';

/** Something that AWS allows once, e.g. one rule of a priority on one listener. */
interface UniqueThing {
  /** The resource types that make it. */
  readonly types: string[];
  /** What the user can do. */
  readonly fix: string;
  /** Two resources with the same text cannot be deployed together. Undefined if the resource conflicts with none. */
  identity(resource: any): string | undefined;
  /** What both resources make, with its place: the subject of the message. */
  name(resource: any): string;
}

const UNIQUE_THINGS: UniqueThing[] = [
  {
    types: [apigwv2.CfnRoute.CFN_RESOURCE_TYPE_NAME],
    // Two routes that differ only in the names of their path variables match the same requests.
    identity: (route: apigwv2.CfnRoute) => `${identityOf(route.apiId, route)} ${identityOf(route.routeKey, route).replace(/\{[^}+]*/g, '{')}`,
    name: (route: apigwv2.CfnRoute) => `route '${route.routeKey}' of the HTTP API`,
    fix: "give one of the two apps another path, e.g. path: '/app', or drop the other route",
  },
  {
    types: [apigateway.CfnResource.CFN_RESOURCE_TYPE_NAME],
    identity: restResourceIdentity,
    name: (resource: apigateway.CfnResource) => `path ${restPathOf(resource.ref)} of the REST API`,
    fix: 'mount one of the two apps at another path; if only the first part of both paths is the same, make that resource once, on the API itself: '
      + 'api.root.addResource(…)',
  },
  {
    types: [apigateway.CfnMethod.CFN_RESOURCE_TYPE_NAME],
    identity: (method: apigateway.CfnMethod) => `${restParentIdentity(method, method.resourceId)} ${method.httpMethod}`,
    name: (method: apigateway.CfnMethod) => `method ${method.httpMethod} on path ${restPathOf(method.resourceId) || '/'} of the REST API`,
    fix: 'mount one of the two apps at another path, or drop the other method',
  },
  {
    types: [elbv2.CfnListenerRule.CFN_RESOURCE_TYPE_NAME],
    identity: (rule: elbv2.CfnListenerRule) => `${identityOf(rule.listenerArn, rule)} ${rule.priority}`,
    name: (rule: elbv2.CfnListenerRule) => `priority ${rule.priority} on the listener`,
    fix: 'give the app another priority',
  },
  {
    types: [elbv2.CfnListener.CFN_RESOURCE_TYPE_NAME],
    identity: (listener: elbv2.CfnListener) => `${identityOf(listener.loadBalancerArn, listener)} ${listener.port}`,
    name: (listener: elbv2.CfnListener) => `port ${listener.port} of the load balancer`,
    fix: 'give the app another port, or pass the other listener as listener, with a path and a priority',
  },
  {
    types: [lambda.CfnUrl.CFN_RESOURCE_TYPE_NAME],
    identity: (url: lambda.CfnUrl) => `${identityOf(url.targetFunctionArn, url)} ${identityOf(url.qualifier, url)}`,
    name: () => 'the only Function URL that the function or alias can have',
    fix: 'use another front door',
  },
  {
    types: [apigwv2.CfnDomainName.CFN_RESOURCE_TYPE_NAME, apigateway.CfnDomainName.CFN_RESOURCE_TYPE_NAME],
    identity: (domain: apigwv2.CfnDomainName) => {
      const { account, region } = cdk.Stack.of(domain);
      return `${account} ${region} ${identityOf(domain.domainName, domain)}`;
    },
    name: (domain: apigwv2.CfnDomainName) => `domain name ${domain.domainName}`,
    fix: 'give one of the two apps another domain.name',
  },
  {
    types: [route53.CfnRecordSet.CFN_RESOURCE_TYPE_NAME],
    identity: (record: route53.CfnRecordSet) => record.setIdentifier === undefined && record.hostedZoneId !== undefined
      ? `${identityOf(record.hostedZoneId, record)} ${record.type} ${withoutDot(record.name)}`
      : undefined,
    name: (record: route53.CfnRecordSet) => `the ${record.type} record of ${withoutDot(record.name)}`,
    fix: 'give one of the two apps another domain.name, or drop the other record',
  },
];

/** A lookup that has not run yet gives the same value for each zone, load balancer and listener. */
const NOT_YET_LOOKED_UP = /"DUMMY"|\/my-load-balancer\/50dc6c495c0c9188/;

/**
 * Refuses a front door whose resources AWS would reject, because another construct of the CDK app makes the same thing. Constructs that are
 * added later are found at synth.
 *
 * @param door the scope of the front door
 * @param scopes this scope, and those that the front door made beside it, e.g. for a domain
 */
export function refuseConflicts(door: Construct, scopes: IConstruct[]): void {
  const [conflict] = conflictsOf(door, scopes);
  if (conflict) throw new Error(`${door.node.path}: ${conflict}`);
  door.node.addValidation({ validate: () => conflictsOf(door, scopes) });
}

function conflictsOf(door: Construct, scopes: IConstruct[]): string[] {
  const resources = resourcesOf(door, ...UNIQUE_THINGS.flatMap(({ types }) => types));
  return UNIQUE_THINGS.flatMap(({ types, identity, name, fix }) => {
    const all = resources.filter(({ cfnResourceType }) => types.includes(cfnResourceType));
    return all.filter(resource => resource.node.scopes.some(scope => scopes.includes(scope))).flatMap(own => {
      const ownIdentity = identity(own);
      if (ownIdentity === undefined || NOT_YET_LOOKED_UP.test(ownIdentity)) return [];
      const other = all.find(resource => resource !== own && identity(resource) === ownIdentity);
      return other ? [`${name(own)} is already taken by ${constructOf(other)}; ${fix}`] : [];
    });
  });
}

/** A resource is its parent and its path part. A parent can have only one part with a variable, whatever its name. */
function restResourceIdentity(resource: apigateway.CfnResource): string {
  return `${restParentIdentity(resource, resource.parentId)}/${resource.pathPart.replace(/^\{.*\}$/, '{}')}`;
}

/** The identity of the resource, or of the root of the API, that a method or another resource belongs to. */
function restParentIdentity(child: apigateway.CfnResource | apigateway.CfnMethod, parentId: string): string {
  const parent = restResourceBy(parentId);
  return parent ? restResourceIdentity(parent) : `${identityOf(child.restApiId, child)} ${identityOf(parentId, child)}`;
}

/** The path of a resource, as far as it is made in this CDK app. Empty for the root. */
function restPathOf(resourceId: string): string {
  const resource = restResourceBy(resourceId);
  return resource ? `${restPathOf(resource.parentId)}/${resource.pathPart}` : '';
}

function restResourceBy(resourceId: string): apigateway.CfnResource | undefined {
  const resource = referencedBy(resourceId);
  return resource?.cfnResourceType === apigateway.CfnResource.CFN_RESOURCE_TYPE_NAME ? resource as apigateway.CfnResource : undefined;
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
