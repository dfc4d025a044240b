import { findLambdaTarget, LambdaTarget } from './lambda-target';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';

/** A method of a REST API. */
export interface RestMethod {
  readonly logicalId: string;
  /** `GET`, …, or `ANY`. */
  readonly httpMethod: string;
  /** `/`, `/{proxy+}`, … */
  readonly resourcePath: string;
  readonly resourceId: string;
  /** Absent where the integration is none with a wrapped web app. */
  readonly target?: LambdaTarget;
  /** `ResponseTransferMode: STREAM`; the integration's URI must be the streaming one too. */
  readonly streaming: boolean;
  readonly patienceMs: number;
  readonly needsAuthorization: boolean;
  readonly needsApiKey: boolean;
  readonly mock?: MockIntegration;
}

/** An answer that API Gateway makes itself. */
export interface MockIntegration {
  readonly status: number;
  readonly headers: readonly [string, string][];
  /** `ContentHandling: CONVERT_TO_TEXT`, without which an API with binary media types cannot read the mock's template. */
  readonly convertsToText: boolean;
}

/** A stage of a REST API, with the deployment that it serves. */
export interface RestStage {
  readonly name: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly deploymentId: string;
  /** The logical IDs of the methods that existed when the deployment was made. */
  readonly deployedMethods: ReadonlySet<string>;
}

const DEFAULT_PATIENCE_MS = 29_000;

export function readRestMethods(template: StackTemplate, apiId: string, webApps: readonly WebAppFunction[]): RestMethod[] {
  const resources = new Map(template.resourcesOfType('AWS::ApiGateway::Resource')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ id, properties }) => [String(template.resolve({ Ref: id })), properties]));

  // What has no resource of its own is the root.
  const pathOf = (resourceId: string): string => {
    const resource = resources.get(resourceId);
    if (!resource) return '';
    return `${pathOf(String(resource.ParentId))}/${resource.PathPart}`;
  };

  return template.resourcesOfType('AWS::ApiGateway::Method')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ id, properties }) => ({
      logicalId: id,
      httpMethod: String(properties.HttpMethod),
      resourcePath: pathOf(String(properties.ResourceId)) || '/',
      resourceId: String(properties.ResourceId),
      target: properties.Integration?.Type === 'AWS_PROXY' ? findLambdaTarget(properties.Integration.Uri, webApps) : undefined,
      streaming: properties.Integration?.ResponseTransferMode === 'STREAM',
      patienceMs: Number(properties.Integration?.TimeoutInMillis ?? DEFAULT_PATIENCE_MS),
      needsAuthorization: (properties.AuthorizationType ?? 'NONE') !== 'NONE',
      needsApiKey: properties.ApiKeyRequired === true,
      mock: properties.Integration?.Type === 'MOCK' ? readMock(properties.Integration) : undefined,
    }));
}

function readMock(integration: Record<string, any>): MockIntegration {
  const response = integration.IntegrationResponses?.[0] ?? {};
  const parameters: Record<string, string> = response.ResponseParameters ?? {};
  return {
    status: Number(response.StatusCode ?? 200),
    headers: Object.entries(parameters)
      .map(([name, value]) => [name.replace(/^method\.response\.header\./, ''), value.replace(/^'(.*)'$/, '$1')]),
    convertsToText: integration.ContentHandling === 'CONVERT_TO_TEXT',
  };
}

/**
 * A deployment is a snapshot: it holds the methods that CloudFormation had made by then,
 * which is certain only for those that it depends on.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
export function readRestStages(template: StackTemplate, apiId: string): RestStage[] {
  const deployments = template.neighbours.flatMap((neighbour) => neighbour.resourcesOfType('AWS::ApiGateway::Deployment')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ id, properties, resource: { DependsOn = [] } }) => ({ id: String(neighbour.resolve({ Ref: id })), properties, dependsOn: DependsOn })));
  const stages = template.neighbours.flatMap((neighbour) => neighbour.resourcesOfType('AWS::ApiGateway::Stage'))
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ properties }) => ({
      name: String(properties.StageName),
      variables: properties.Variables,
      deploymentId: String(properties.DeploymentId),
    }));
  // A deployment can name the stage that it is for, which may have been made elsewhere.
  const named = deployments.filter(({ properties }) => properties.StageName !== undefined)
    .map(({ id, properties }) => ({ name: String(properties.StageName), variables: undefined, deploymentId: id }));
  const names = new Set([...named, ...stages].map(({ name }) => name));
  return [...names].map((name) => {
    // Of a stage's deployments the last one counts, and all of them together have every method.
    const of = [...named, ...stages].filter((stage) => stage.name === name);
    const ids = new Set(of.map(({ deploymentId }) => deploymentId));
    const methods = deployments.filter(({ id }) => ids.has(id)).flatMap(({ dependsOn }) => dependsOn);
    return { ...of[of.length - 1], deployedMethods: new Set(methods) };
  });
}
