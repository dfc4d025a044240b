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

export function readRestMethods(template: StackTemplate, apiLogicalId: string, webApps: readonly WebAppFunction[]): RestMethod[] {
  const apiId = template.resolve({ Ref: apiLogicalId });
  const rootId = String(template.resolve({ 'Fn::GetAtt': [apiLogicalId, 'RootResourceId'] }));
  const resources = new Map(template.resourcesOfType('AWS::ApiGateway::Resource')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ id, properties }) => [String(template.resolve({ Ref: id })), properties]));

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
      resourcePath: properties.ResourceId === rootId ? '/' : pathOf(String(properties.ResourceId)),
      resourceId: String(properties.ResourceId),
      target: properties.Integration?.Type === 'AWS_PROXY' ? findLambdaTarget(properties.Integration.Uri, webApps) : undefined,
      streaming: properties.Integration?.ResponseTransferMode === 'STREAM',
      patienceMs: Number(properties.Integration?.TimeoutInMillis ?? DEFAULT_PATIENCE_MS),
      needsAuthorization: (properties.AuthorizationType ?? 'NONE') !== 'NONE',
    }));
}

/**
 * A deployment is a snapshot: it holds the methods that CloudFormation had made by then,
 * which is certain only for those that it depends on.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
export function readRestStages(template: StackTemplate, apiId: string): RestStage[] {
  const deployments = new Map(template.resourcesOfType('AWS::ApiGateway::Deployment')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map((deployment) => [String(template.resolve({ Ref: deployment.id })), deployment]));
  return template.resourcesOfType('AWS::ApiGateway::Stage')
    .filter(({ properties }) => properties.RestApiId === apiId)
    .map(({ properties }) => {
      const deploymentId = String(properties.DeploymentId);
      const dependsOn = deployments.get(deploymentId)?.resource.DependsOn ?? [];
      return {
        name: String(properties.StageName),
        variables: properties.Variables,
        deploymentId,
        deployedMethods: new Set(typeof dependsOn === 'string' ? [dependsOn] : dependsOn),
      };
    });
}
