import { DoorAnswer, DoorRequest } from './front-door';
import { headerOf, splitQuery, splitTarget } from './request-parts';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';

export interface TargetGroup {
  readonly arn: string;
  /** Absent where the target is no wrapped web app. */
  readonly webApp?: WebAppFunction;
  /** The target, with the alias or version where one is. */
  readonly functionArn?: string;
  /** The attribute `lambda.multi_value_headers.enabled`, false by default. */
  readonly multiValueHeaders: boolean;
}

export type ListenerAction =
  | { readonly kind: 'forward'; readonly targetGroup: TargetGroup }
  | { readonly kind: 'answer'; answer(request: DoorRequest): DoorAnswer };

export interface Listener {
  /** The attribute `routing.http.drop_invalid_header_fields.enabled`, false by default. */
  readonly dropInvalidHeaders: boolean;
  readonly defaultAction?: ListenerAction;
  /** By priority. */
  readonly rules: readonly { readonly conditions: readonly Record<string, any>[]; readonly action?: ListenerAction }[];
}

export function readListeners(template: StackTemplate, webApps: readonly WebAppFunction[]): Listener[] {
  const targetGroups = new Map(template.resourcesOfType('AWS::ElasticLoadBalancingV2::TargetGroup')
    .map(({ id, properties }) => readTargetGroup(String(template.resolve({ Ref: id })), properties, webApps))
    .map((targetGroup) => [targetGroup.arn, targetGroup]));
  const loadBalancers = new Map(template.resourcesOfType('AWS::ElasticLoadBalancingV2::LoadBalancer')
    .map(({ id, properties }) => [String(template.resolve({ Ref: id })), properties.LoadBalancerAttributes]));
  const rules = template.resourcesOfType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .sort((a, b) => Number(a.properties.Priority) - Number(b.properties.Priority));
  const listeners = new Map<string, Record<string, any>>([
    // A listener that was made elsewhere: only its rules are here.
    ...rules.map((rule) => [String(rule.properties.ListenerArn), {}] as const),
    ...template.resourcesOfType('AWS::ElasticLoadBalancingV2::Listener').map(({ id, properties }) => [String(template.resolve({ Ref: id })), properties] as const),
  ]);
  return [...listeners].map(([arn, properties]) => {
    const attributes: Attribute[] = loadBalancers.get(String(properties.LoadBalancerArn)) ?? [];
    return {
      dropInvalidHeaders: isEnabled(attributes, 'routing.http.drop_invalid_header_fields.enabled'),
      defaultAction: readAction(properties.DefaultActions, targetGroups),
      rules: rules
        .filter((rule) => rule.properties.ListenerArn === arn)
        .map((rule) => ({ conditions: rule.properties.Conditions ?? [], action: readAction(rule.properties.Actions, targetGroups) })),
    };
  });
}

function readTargetGroup(arn: string, properties: Record<string, any>, webApps: readonly WebAppFunction[]): TargetGroup {
  const functionArn = properties.TargetType === 'lambda' ? properties.Targets?.[0]?.Id as string | undefined : undefined;
  return {
    arn,
    webApp: webApps.find((webApp) => functionArn === webApp.arn || functionArn?.startsWith(`${webApp.arn}:`)),
    functionArn,
    multiValueHeaders: isEnabled(properties.TargetGroupAttributes ?? [], 'lambda.multi_value_headers.enabled'),
  };
}

interface Attribute {
  readonly Key: string;
  readonly Value: string;
}

function isEnabled(attributes: readonly Attribute[], name: string): boolean {
  return attributes.some(({ Key, Value }) => Key === name && String(Value) === 'true');
}

/** The last action is the one that answers; those before it authenticate. */
function readAction(actions: Record<string, any>[] = [], targetGroups: Map<string, TargetGroup>): ListenerAction | undefined {
  const action = [...actions].sort((a, b) => Number(a.Order ?? 0) - Number(b.Order ?? 0)).pop();
  switch (action?.Type) {
    case 'forward': {
      const targetGroup = targetGroups.get(String(action.TargetGroupArn ?? action.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn));
      return targetGroup && { kind: 'forward', targetGroup };
    }
    case 'fixed-response': {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
      return {
        kind: 'answer',
        answer: () => ({
          status: Number(StatusCode),
          headers: [['server', 'awselb/2.0'], ['content-type', ContentType ?? 'text/plain']],
          body: Buffer.from(MessageBody ?? ''),
        }),
      };
    }
    case 'redirect':
      return { kind: 'answer', answer: (request) => redirect(request, action.RedirectConfig ?? {}) };
    default:
      return undefined;
  }
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions */
function redirect(request: DoorRequest, config: Record<string, string>): DoorAnswer {
  const { path, query } = splitTarget(request.target);
  const parts: Record<string, string> = {
    protocol: request.scheme,
    host: (headerOf(request, 'host') ?? '').replace(/:\d+$/, ''),
    port: String(request.port),
    path: path.slice(1),
    query,
  };
  const fill = (template: string): string => template.replace(/#\{(\w+)\}/g, (_, name) => parts[name] ?? '');
  const newQuery = fill(config.Query ?? '#{query}');
  const location = `${fill(config.Protocol ?? '#{protocol}').toLowerCase()}://${fill(config.Host ?? '#{host}')}:${fill(config.Port ?? '#{port}')}`
    + `${fill(config.Path ?? '/#{path}')}${newQuery && `?${newQuery}`}`;
  return {
    status: config.StatusCode === 'HTTP_302' ? 302 : 301,
    headers: [['server', 'awselb/2.0'], ['content-type', 'text/html'], ['location', location]],
    body: Buffer.alloc(0),
  };
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
export function matchesConditions(conditions: readonly Record<string, any>[], request: DoorRequest): boolean {
  return conditions.every((condition) => matchesCondition(condition, request));
}

/** The paths that a rule is for; every path where it does not say. */
export function pathPatternsOf(conditions: readonly Record<string, any>[]): string[] {
  const condition = conditions.find(({ Field }) => Field === 'path-pattern');
  return condition?.PathPatternConfig?.Values ?? condition?.Values ?? ['/'];
}

function matchesCondition(condition: Record<string, any>, request: DoorRequest): boolean {
  const { path, query } = splitTarget(request.target);
  switch (condition.Field) {
    case 'path-pattern':
      return matchesAny(condition.PathPatternConfig?.Values ?? condition.Values, path, { ignoreCase: false });
    case 'host-header':
      return matchesAny(condition.HostHeaderConfig?.Values ?? condition.Values, (headerOf(request, 'host') ?? '').replace(/:\d+$/, ''), { ignoreCase: true });
    case 'http-request-method':
      return (condition.HttpRequestMethodConfig?.Values ?? []).includes(request.method);
    case 'http-header': {
      const { HttpHeaderName, Values } = condition.HttpHeaderConfig ?? {};
      const wanted = String(HttpHeaderName).toLowerCase();
      return request.headers.some(([name, value]) => name.toLowerCase() === wanted && matchesAny(Values, value, { ignoreCase: true }));
    }
    case 'query-string': {
      const wanted: { Key?: string; Value: string }[] = condition.QueryStringConfig?.Values ?? [];
      return splitQuery(query).some(([name, value]) => wanted.some(({ Key, Value }) =>
        matchesAny([Key ?? '*'], name, { ignoreCase: true }) && matchesAny([Value], value, { ignoreCase: true })));
    }
    default:
      // A source-ip condition says nothing about a client on this machine.
      return true;
  }
}

function matchesAny(patterns: readonly string[] = [], value: string, options: { ignoreCase: boolean }): boolean {
  return patterns.some((pattern) => {
    const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
    return new RegExp(`^${expression}$`, options.ignoreCase ? 'i' : '').test(value);
  });
}
