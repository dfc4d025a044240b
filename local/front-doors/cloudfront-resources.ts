import { compileFunction, ViewerRequest } from './cloudfront-function';
import { HeaderList } from './front-door';
import { StaticBucket } from './static-bucket';
import { SynthesizedStack } from '../assembly/cloud-assembly';
import { TemplateValue } from '../assembly/template-value';

export interface Origin {
  readonly host: string;
  /** What CloudFront adds before the path of each request: `/prod`, or empty. */
  readonly path: string;
  readonly port?: number;
  readonly headers: HeaderList;
}

export interface CacheBehaviour {
  readonly pattern: RegExp;
  readonly originId: string;
  readonly methods: readonly string[];
  readonly compresses: boolean;
  readonly viewerRequest?: ViewerRequest;
}

export interface DistributionResource {
  readonly id: string;
  readonly constructPath: string;
  readonly origins: ReadonlyMap<string, Origin>;
  readonly buckets: ReadonlyMap<string, StaticBucket>;
  readonly behaviours: readonly CacheBehaviour[];
  readonly defaultBehaviour: CacheBehaviour;
  readonly readTimeoutMs: number;
  /** What it asks for and is not done here. */
  readonly differences: readonly string[];
}

/** CloudFront's default: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html */
const READ_TIMEOUT = 30;

/** The policies that send every header but the host. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** Reads the distributions of a stack. One that signs requests to a function is left out, since nobody checks signatures here. */
export function readDistributions(stack: SynthesizedStack, stacks: readonly SynthesizedStack[]): DistributionResource[] {
  const { template } = stack;
  const functions = new Map(template.read('AWS::CloudFront::Function', (resource) => (
    [template.attribute(resource.logicalId, 'FunctionARN'), String(resource.value('FunctionCode'))] as const)));
  return template.read('AWS::CloudFront::Distribution', (resource) => {
    const config = resource.withStandIns().part('DistributionConfig');
    const signs = config.list('Origins').some((origin) => !isBucket(origin) && isSet(origin.value('OriginAccessControlId')));
    return signs ? undefined : readDistribution(config, template.ref(resource.logicalId), functions, stacks);
    // It may be for something else than an app.
  }, () => undefined);
}

function readDistribution(
  config: TemplateValue,
  id: string,
  functions: ReadonlyMap<string, string>,
  stacks: readonly SynthesizedStack[],
): DistributionResource {
  const origins = config.list('Origins');
  const readBehaviour = (behaviour: TemplateValue, pattern: string): CacheBehaviour => {
    const associations = behaviour.list('FunctionAssociations').filter((each) => each.value('EventType') === 'viewer-request');
    const [code] = associations.map((each) => functions.get(String(each.value('FunctionARN'))));
    return {
      pattern: toRegExp(pattern),
      originId: String(behaviour.value('TargetOriginId')),
      methods: behaviour.value('AllowedMethods') ?? ['GET', 'HEAD'],
      compresses: behaviour.value('Compress') === true,
      viewerRequest: code === undefined ? undefined : compileFunction(code, config.constructPath),
    };
  };
  const defaultBehaviour = config.part('DefaultCacheBehavior');
  const behaviours = config.list('CacheBehaviors');
  const readTimeouts = origins.map((origin) => Number(origin.value('CustomOriginConfig.OriginReadTimeout') ?? READ_TIMEOUT));
  return {
    id: id.toLowerCase(),
    constructPath: config.constructPath,
    origins: new Map(origins.filter((origin) => !isBucket(origin)).map((origin) => [String(origin.value('Id')), readOrigin(origin)])),
    buckets: new Map(origins.filter(isBucket).map((origin) => [String(origin.value('Id')), new StaticBucket(String(origin.value('DomainName')), stacks)])),
    behaviours: behaviours.map((behaviour) => readBehaviour(behaviour, String(behaviour.value('PathPattern')))),
    defaultBehaviour: readBehaviour(defaultBehaviour, '*'),
    readTimeoutMs: Math.max(...readTimeouts) * 1000,
    differences: differencesOf(config, [defaultBehaviour, ...behaviours]),
  };
}

function readOrigin(origin: TemplateValue): Origin {
  const protocol = origin.value('CustomOriginConfig.OriginProtocolPolicy');
  const port = protocol === 'http-only' ? origin.value('CustomOriginConfig.HTTPPort') ?? 80 : origin.value('CustomOriginConfig.HTTPSPort') ?? 443;
  return {
    host: String(origin.value('DomainName')),
    path: String(origin.value('OriginPath') ?? ''),
    port: Number(port),
    headers: origin.list('OriginCustomHeaders').map((header) => [String(header.value('HeaderName')), String(header.value('HeaderValue'))] as const),
  };
}

function differencesOf(config: TemplateValue, behaviours: readonly TemplateValue[]): string[] {
  const associated = behaviours.flatMap((behaviour) => behaviour.list('FunctionAssociations').map((each) => each.value('EventType')));
  return [
    ...isSet(config.value('WebACLId')) ? ['the web ACL of CloudFront is not applied: no request is blocked'] : [],
    ...(config.value('Restrictions.GeoRestriction.RestrictionType') ?? 'none') === 'none' ? [] : ['visitors of all countries are served'],
    ...isSet(config.value('Aliases')) ? ['the domain of CloudFront is not served: it has an address of its own'] : [],
    ...behaviours.some((behaviour) => behaviour.list('LambdaFunctionAssociations').length > 0) ? ['functions of Lambda@Edge are not called'] : [],
    ...associated.some((type) => type !== 'viewer-request') ? ['functions of CloudFront for responses are not called'] : [],
    ...behaviours.some((behaviour) => ![undefined, ALL_BUT_HOST].includes(behaviour.value('OriginRequestPolicyId')))
      ? ['every header but the host is passed on, whatever the origin request policy says'] : [],
  ];
}

function isBucket(origin: TemplateValue): boolean {
  return origin.value('S3OriginConfig') !== undefined;
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

/** `*` stands for any characters, slashes too, and `?` for one. The slash at the beginning may be left out. */
function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replace(/^\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^/?${escaped}$`, 's');
}
