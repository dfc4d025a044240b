import { findLambdaTarget, LambdaTarget } from './lambda-target';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const DEFAULT_TIMEOUT_MS = 30_000;

/** A route of an HTTP API that reaches a wrapped web app. */
export interface HttpRoute {
  readonly key: string;
  /** Absent for `$default`. */
  readonly method?: string;
  readonly pattern?: string;
  readonly target: LambdaTarget;
  readonly payloadFormat: '1.0' | '2.0';
  readonly timeoutMs: number;
  readonly needsAuthorization: boolean;
}

export interface HttpStage {
  readonly name: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export function readHttpRoutes(template: StackTemplate, apiId: string, webApps: readonly WebAppFunction[]): HttpRoute[] {
  const integrations = new Map<string, Pick<HttpRoute, 'target' | 'payloadFormat' | 'timeoutMs'>>(
    template.read('AWS::ApiGatewayV2::Integration', (integration) => {
      const target = integration.value('IntegrationType') === 'AWS_PROXY' ? findLambdaTarget(integration.value('IntegrationUri'), webApps) : undefined;
      return target && [`integrations/${template.ref(integration.logicalId)}`, {
        target,
        payloadFormat: integration.value('PayloadFormatVersion') === '2.0' ? '2.0' as const : '1.0' as const,
        timeoutMs: Number(integration.value('TimeoutInMillis') ?? DEFAULT_TIMEOUT_MS),
      }] as const;
    }));
  return template.read('AWS::ApiGatewayV2::Route', (route) => {
    if (route.id('ApiId') !== apiId) return undefined;
    const integration = integrations.get(String(route.value('Target')));
    if (!integration) return undefined;
    const key = String(route.value('RouteKey'));
    const [, method, pattern] = /^(\S+) (\/.*)$/.exec(key) ?? [];
    return { key, method, pattern, ...integration, needsAuthorization: (route.value('AuthorizationType') ?? 'NONE') !== 'NONE' };
  });
}

export function readHttpStages(template: StackTemplate, apiId: string): HttpStage[] {
  return template.neighbours.flatMap((neighbour) => neighbour.read('AWS::ApiGatewayV2::Stage', (stage) => (
    stage.id('ApiId') === apiId ? { name: String(stage.value('StageName')), variables: stage.value('StageVariables') } : undefined
  )));
}
