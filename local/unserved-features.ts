import { StackTemplate } from './assembly/stack-template';
import { TemplateValue } from './assembly/template-value';

/** What a resource asks for and the doors on this machine do not do, undefined if it asks for nothing of that kind. */
type FeatureReader = (resource: TemplateValue) => string | undefined;

const SIGNATURES = 'signatures are not checked: any Authorization header of the right form is accepted';
const CREDENTIALS = 'credentials are not checked: any Authorization header is accepted, and the app sees no claims';

/** By the types of resources. */
const FEATURES: Readonly<Record<string, readonly FeatureReader[]>> = {
  'AWS::Lambda::Url': [(url) => (url.value('AuthType') === 'AWS_IAM' ? SIGNATURES : undefined)],

  'AWS::ApiGatewayV2::Route': [(route) => needsAuthorization(route)],
  'AWS::ApiGatewayV2::Stage': [
    (stage) => (throttles(stage.value('DefaultRouteSettings')) || Object.values(stage.value('RouteSettings') ?? {}).some(throttles) ? 'requests are not throttled' : undefined),
  ],
  'AWS::ApiGatewayV2::DomainName': [customDomain],
  'AWS::ApiGatewayV2::Authorizer': [authorizer],

  'AWS::ApiGateway::RestApi': [
    (api) => (api.value('Policy') === undefined ? undefined : 'the resource policy is not applied'),
    (api) => (api.value('Body') === undefined && api.value('BodyS3Location') === undefined ? undefined : 'methods of an OpenAPI document are not served'),
  ],
  'AWS::ApiGateway::Method': [
    (method) => needsAuthorization(method),
    (method) => (method.value('ApiKeyRequired') === true ? 'API keys are not checked: any x-api-key header is accepted' : undefined),
    (method) => (method.value('RequestValidatorId') === undefined ? undefined : 'requests are not validated'),
  ],
  'AWS::ApiGateway::Stage': [
    (stage) => (stage.value('CacheClusterEnabled') === true ? 'responses are not cached' : undefined),
    (stage) => ((stage.value('MethodSettings') ?? []).some(throttles) ? 'requests are not throttled' : undefined),
  ],
  'AWS::ApiGateway::UsagePlan': [() => 'quotas and throttling of usage plans are not applied'],
  'AWS::ApiGateway::DomainName': [customDomain],
  'AWS::ApiGateway::Authorizer': [authorizer],

  'AWS::ElasticLoadBalancingV2::Listener': [
    (listener) => authenticates(listener.value('DefaultActions')),
    (listener) => (listener.value('MutualAuthentication.Mode') === 'verify' ? 'certificates of clients are not checked' : undefined),
  ],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [(rule) => authenticates(rule.value('Actions'))],

  'AWS::WAFv2::WebACLAssociation': [() => 'the web ACL is not applied: no request is blocked'],
  'AWS::CloudFront::Distribution': [() => 'the distribution is not served: its cache, functions and viewer settings are not applied; requests go to the doors directly'],
};

/**
 * Finds what the templates ask for and the doors on this machine do not do.
 *
 * @param served the construct paths of resources that are served themselves
 * @returns a message for each kind of feature, with the construct paths of the resources that have it
 */
export function findUnservedFeatures(templates: readonly StackTemplate[], served: readonly string[] = []): string[] {
  const paths = new Map<string, Set<string>>();
  for (const template of templates) {
    for (const [type, readers] of Object.entries(FEATURES)) {
      for (const read of readers) {
        template.read(type, (resource) => {
          const feature = served.includes(resource.constructPath) ? undefined : read(resource);
          if (feature !== undefined) paths.set(feature, (paths.get(feature) ?? new Set()).add(resource.constructPath));
          return feature;
          // What cannot be resolved is told elsewhere, if it is needed.
        }, () => undefined);
      }
    }
  }
  return [...paths].map(([feature, found]) => `unlike on AWS, ${feature} (${renderPaths([...found])})`);
}

function renderPaths([first, ...others]: string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function needsAuthorization(route: TemplateValue): string | undefined {
  switch (route.value('AuthorizationType') ?? 'NONE') {
    case 'NONE': return undefined;
    case 'AWS_IAM': return SIGNATURES;
    default: return CREDENTIALS;
  }
}

function authorizer(resource: TemplateValue): string | undefined {
  const type = resource.value('AuthorizerType') ?? resource.value('Type');
  return ['REQUEST', 'TOKEN'].includes(type) ? 'the Lambda function of the authorizer is not called, and the app sees no context of it' : CREDENTIALS;
}

function throttles(settings: any): boolean {
  return settings?.ThrottlingRateLimit !== undefined || settings?.ThrottlingBurstLimit !== undefined;
}

function customDomain(): string {
  return 'the custom domain is not served: each door has an address of its own';
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html */
function authenticates(actions: readonly { Type?: string }[] | undefined): string | undefined {
  return actions?.some(({ Type }) => /^(authenticate-|jwt-)/.test(Type ?? '')) ? 'nobody has to sign in: the load balancer passes every request on, without claims' : undefined;
}
