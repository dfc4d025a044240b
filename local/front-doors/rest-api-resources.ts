import { findLambdaTarget, LambdaTarget } from './lambda-target';
import { StackTemplate } from '../assembly/stack-template';
import { TemplateResource } from '../assembly/template-resource';
import { WebAppFunction } from '../assembly/web-app-functions';

/** A method of a REST API. */
export interface RestMethod {
  readonly logicalId: string;
  /** `GET`, …, or `ANY`. */
  readonly httpMethod: string;
  /** `/`, `/{proxy+}`, … */
  readonly resourcePath: string;
  readonly resourceId: string;
  /** Absent if the method does not invoke a wrapped web app. */
  readonly target?: LambdaTarget;
  /** `ResponseTransferMode: STREAM`; the integration's URI must be the streaming one too. */
  readonly streaming: boolean;
  readonly timeoutMs: number;
  readonly needsAuthorization: boolean;
  readonly needsApiKey: boolean;
  readonly mock?: MockIntegration;
}

/** An integration that API Gateway answers itself. */
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

const DEFAULT_TIMEOUT_MS = 29_000;

export function readRestMethods(template: StackTemplate, apiId: string, webApps: readonly WebAppFunction[]): RestMethod[] {
  const resources = new Map(template.read('AWS::ApiGateway::Resource', (resource) => (resource.id('RestApiId') === apiId
    ? [template.ref(resource.logicalId), { parentId: String(resource.id('ParentId')), pathPart: String(resource.value('PathPart')) }] as const
    : undefined)));

  // The root is not an AWS::ApiGateway::Resource.
  const pathOf = (resourceId: string): string => {
    const resource = resources.get(resourceId);
    return resource ? `${pathOf(resource.parentId)}/${resource.pathPart}` : '';
  };

  return template.read('AWS::ApiGateway::Method', (method) => {
    if (method.id('RestApiId') !== apiId) return undefined;
    const resourceId = String(method.id('ResourceId'));
    const integrationType = method.value('Integration.Type');
    return {
      logicalId: method.logicalId,
      httpMethod: String(method.value('HttpMethod')),
      resourcePath: pathOf(resourceId) || '/',
      resourceId,
      target: integrationType === 'AWS_PROXY' ? findLambdaTarget(method.value('Integration.Uri'), webApps) : undefined,
      streaming: method.value('Integration.ResponseTransferMode') === 'STREAM',
      timeoutMs: Number(method.value('Integration.TimeoutInMillis') ?? DEFAULT_TIMEOUT_MS),
      needsAuthorization: (method.value('AuthorizationType') ?? 'NONE') !== 'NONE',
      needsApiKey: method.value('ApiKeyRequired') === true,
      mock: integrationType === 'MOCK' ? readMock(method) : undefined,
    };
  });
}

function readMock(method: TemplateResource): MockIntegration {
  const parameters: Record<string, string> = method.value('Integration.IntegrationResponses.0.ResponseParameters') ?? {};
  return {
    status: Number(method.value('Integration.IntegrationResponses.0.StatusCode') ?? 200),
    headers: Object.entries(parameters)
      .map(([name, value]) => [name.replace(/^method\.response\.header\./, ''), value.replace(/^'(.*)'$/, '$1')]),
    convertsToText: method.value('Integration.ContentHandling') === 'CONVERT_TO_TEXT',
  };
}

/**
 * A deployment is a snapshot of the methods that existed when CloudFormation created it.
 * Only the methods that it depends on are sure to exist.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
export function readRestStages(template: StackTemplate, apiId: string): RestStage[] {
  const deployments = template.neighbours.flatMap((neighbour) => neighbour.read('AWS::ApiGateway::Deployment', (deployment) => (
    deployment.id('RestApiId') === apiId
      ? { id: neighbour.ref(deployment.logicalId), stageName: deployment.value('StageName'), dependsOn: deployment.dependsOn }
      : undefined
  )));
  const stages = template.neighbours.flatMap((neighbour) => neighbour.read('AWS::ApiGateway::Stage', (stage) => (stage.id('RestApiId') === apiId
    ? { name: String(stage.value('StageName')), variables: stage.value('Variables'), deploymentId: String(stage.value('DeploymentId')) }
    : undefined)));
  // A deployment can name its stage, which may not be in the cloud assembly.
  const named = deployments.filter(({ stageName }) => stageName !== undefined)
    .map(({ id, stageName }) => ({ name: String(stageName), variables: undefined, deploymentId: id }));
  const names = new Set([...named, ...stages].map(({ name }) => name));
  return [...names].map((name) => {
    // The last deployment of a stage is the current one. Together they have every method.
    const of = [...named, ...stages].filter((stage) => stage.name === name);
    const ids = new Set(of.map(({ deploymentId }) => deploymentId));
    const methods = deployments.filter(({ id }) => ids.has(id)).flatMap(({ dependsOn }) => dependsOn);
    return { ...of[of.length - 1], deployedMethods: new Set(methods) };
  });
}
