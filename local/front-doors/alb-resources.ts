import { DoorAnswer, DoorRequest } from './front-door';
import { headerOf, splitTarget } from './request-parts';
import { StackTemplate } from '../assembly/stack-template';
import { TemplateResource } from '../assembly/template-resource';
import { TemplateValue } from '../assembly/template-value';
import { WebAppFunction } from '../assembly/web-app-functions';

export interface TargetGroup {
  readonly arn: string;
  /** Absent if the target is not a wrapped web app. */
  readonly webApp?: WebAppFunction;
  /** The ARN of the target, with its alias or version if it has one. */
  readonly functionArn?: string;
  /** The attribute `lambda.multi_value_headers.enabled`, false by default. */
  readonly multiValueHeaders: boolean;
}

export type ListenerAction =
  | { readonly kind: 'forward'; readonly targetGroup: TargetGroup }
  | { readonly kind: 'answer'; answer(request: DoorRequest): DoorAnswer };

export interface Listener {
  /** Absent if the load balancer is not in this template. */
  readonly address?: { readonly host: string; readonly port: number };
  /** The attribute `routing.http.drop_invalid_header_fields.enabled`, false by default. */
  readonly dropInvalidHeaders: boolean;
  readonly defaultAction?: ListenerAction;
  /** By priority. */
  readonly rules: readonly { readonly conditions: readonly Record<string, any>[]; readonly action?: ListenerAction }[];
}

export function readListeners(template: StackTemplate, webApps: readonly WebAppFunction[]): Listener[] {
  const targetGroups = new Map(template.read('AWS::ElasticLoadBalancingV2::TargetGroup', (targetGroup) => readTargetGroup(template, targetGroup, webApps))
    .map((targetGroup) => [targetGroup.arn, targetGroup]));
  const loadBalancers = new Map(template.read('AWS::ElasticLoadBalancingV2::LoadBalancer', (loadBalancer) => [template.ref(loadBalancer.logicalId), {
    host: template.attribute(loadBalancer.logicalId, 'DNSName'),
    dropInvalidHeaders: isEnabled(loadBalancer.list('LoadBalancerAttributes'), 'routing.http.drop_invalid_header_fields.enabled'),
  }] as const));
  const rules = template.read('AWS::ElasticLoadBalancingV2::ListenerRule', (rule) => ({
    listenerArn: String(rule.id('ListenerArn')),
    priority: Number(rule.value('Priority')),
    conditions: rule.value('Conditions') ?? [],
    action: readAction(rule.list('Actions'), targetGroups),
  })).sort((a, b) => a.priority - b.priority);
  const listeners = new Map<string, Omit<Listener, 'rules'>>([
    // Listeners that are not in this template: only their rules are known.
    ...rules.map((rule) => [rule.listenerArn, { dropInvalidHeaders: false }] as const),
    ...template.read('AWS::ElasticLoadBalancingV2::Listener', (listener) => {
      const loadBalancer = loadBalancers.get(String(listener.id('LoadBalancerArn')));
      return [template.ref(listener.logicalId), {
        address: loadBalancer && { host: loadBalancer.host, port: Number(listener.value('Port')) },
        dropInvalidHeaders: loadBalancer?.dropInvalidHeaders ?? false,
        defaultAction: readAction(listener.list('DefaultActions'), targetGroups),
      }] as const;
    }),
  ]);
  return [...listeners].map(([arn, listener]) => ({ ...listener, rules: rules.filter(({ listenerArn }) => listenerArn === arn) }));
}

function readTargetGroup(template: StackTemplate, targetGroup: TemplateResource, webApps: readonly WebAppFunction[]): TargetGroup {
  const functionArn = targetGroup.value('TargetType') === 'lambda' ? targetGroup.value('Targets.0.Id') as string | undefined : undefined;
  return {
    arn: template.ref(targetGroup.logicalId),
    webApp: webApps.find((webApp) => functionArn === webApp.arn || functionArn?.startsWith(`${webApp.arn}:`)),
    functionArn,
    multiValueHeaders: isEnabled(targetGroup.list('TargetGroupAttributes'), 'lambda.multi_value_headers.enabled'),
  };
}

function isEnabled(attributes: readonly TemplateValue[], key: string): boolean {
  return attributes.some((attribute) => attribute.value('Key') === key && String(attribute.value('Value')) === 'true');
}

/** The last action answers; the actions before it authenticate. */
function readAction(actions: readonly TemplateValue[], targetGroups: Map<string, TargetGroup>): ListenerAction | undefined {
  const action = [...actions].sort((a, b) => Number(a.value('Order') ?? 0) - Number(b.value('Order') ?? 0)).pop();
  switch (action?.value('Type')) {
    case 'forward': {
      const targetGroup = targetGroups.get(String(action.value('TargetGroupArn') ?? action.value('ForwardConfig.TargetGroups.0.TargetGroupArn')));
      return targetGroup && { kind: 'forward', targetGroup };
    }
    case 'fixed-response': {
      const { StatusCode, ContentType, MessageBody } = action.value('FixedResponseConfig') ?? {};
      return {
        kind: 'answer',
        answer: () => ({
          status: Number(StatusCode),
          headers: [['server', 'awselb/2.0'], ['content-type', ContentType ?? 'text/plain']],
          body: Buffer.from(MessageBody ?? ''),
        }),
      };
    }
    case 'redirect': {
      const config = action.value('RedirectConfig') ?? {};
      return { kind: 'answer', answer: (request) => redirect(request, config) };
    }
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
