import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { definitionOf, identityOf, resourcesOf } from './find-resources';
import { mappedDomainUrl } from './mapped-domain';

const DEFAULT_STAGE = '$default';

/**
 * The URL of an app on an HTTP API. It refers to the API and to nothing else, so the function can have it as an environment variable.
 *
 * @param stageName the stage that the user named, if any
 * @param path the path of the app, or undefined at the root
 */
export function httpApiUrl(scope: Construct, api: apigwv2.IHttpApi, stageName: string | undefined, path: string | undefined): string {
  const definition = definitionOf<apigwv2.CfnApi>(api, apigwv2.CfnApi.CFN_RESOURCE_TYPE_NAME);
  const base = disabledEndpointUrl(scope, api, definition);
  if (base !== undefined) return `${base}${path ?? '/'}`;
  const stage = stageName ?? httpStageOf(scope, api, definition !== undefined);
  return `${endpointUrl(scope, api.apiId)}${stage === DEFAULT_STAGE ? '' : `/${stage}`}${path ?? '/'}`;
}

/**
 * The URL of an app on a REST API. It refers to the API and to nothing else, because the CDK's `url` refers to the stage, and the stage
 * depends on the function.
 *
 * @param stageName the stage that the user named, if any
 * @param path the path of the app, or undefined at the root
 */
export function restApiUrl(scope: Construct, api: apigateway.IRestApi, stageName: string | undefined, path?: string): string {
  const definition = restApiDefinitionOf(api);
  const base = disabledEndpointUrl(scope, api, definition);
  if (base !== undefined) return `${base}${path ?? '/'}`;
  const stage = stageName ?? (api.deploymentStage.node.defaultChild as apigateway.CfnStage | undefined)?.stageName ?? api.deploymentStage.stageName;
  return `${endpointUrl(scope, api.restApiId)}/${stage}${path ?? '/'}`;
}

/** The CloudFormation resource of a REST API. Undefined for an imported one. */
export function restApiDefinitionOf(api: apigateway.IRestApi): apigateway.CfnRestApi | undefined {
  return definitionOf<apigateway.CfnRestApi>(api, apigateway.CfnRestApi.CFN_RESOURCE_TYPE_NAME);
}

function endpointUrl(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = cdk.Stack.of(scope);
  return `https://${apiId}.execute-api.${region}.${urlSuffix}`;
}

/** The only address of an API that does not answer at its own endpoint. Undefined if the endpoint answers, or if that is not known. */
function disabledEndpointUrl(
  scope: Construct,
  api: cdk.IResource,
  definition: apigateway.CfnRestApi | apigwv2.CfnApi | undefined,
): string | undefined {
  if (definition?.disableExecuteApiEndpoint !== true) return undefined;
  const url = mappedDomainUrl(scope, definition);
  if (url === undefined) {
    throw new Error(`${scope.node.path}: api ${api.node.path} has disableExecuteApiEndpoint, and its domain name is not known here; `
      + "give publicUrl, e.g. publicUrl: 'https://www.example.com/'");
  }
  return url;
}

/** The stage through which the app is called: `$default`, or the only other one. */
function httpStageOf(scope: Construct, api: apigwv2.IHttpApi, ownsStages: boolean): string {
  const names = resourcesOf(scope, apigwv2.CfnStage.CFN_RESOURCE_TYPE_NAME)
    .map(stage => stage as apigwv2.CfnStage)
    .filter(stage => identityOf(stage.apiId, stage) === identityOf(api.apiId, stage))
    .map(({ stageName }) => stageName);
  if (names.includes(DEFAULT_STAGE) || (names.length === 0 && !ownsStages)) return DEFAULT_STAGE;
  if (names.length === 1) return names[0];
  throw new Error(`${scope.node.path}: api ${api.node.path} has ${names.length === 0 ? 'no stage yet' : `the stages ${names.join(', ')}`}, `
    + "so the URL of the app is not known; name its stage, e.g. stageName: 'prod'");
}
