import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { mountPathOf } from './mount-path';
import { refuseSettings } from './refuse-settings';
import { RestApiOptions } from './rest-api-options';
import { convertPreflightToText } from './rest-api-preflight';

/**
 * Adds a path and everything below it to an existing REST API. The new resources are in the stack of the app, even if the API is in
 * another stack.
 */
export function addToExistingRestApi(
  scope: Construct,
  api: apigateway.IRestApi,
  options: RestApiOptions,
  integration: apigateway.Integration,
): { url: string; mountPrefix?: string } {
  refuseSettings(scope, 'api', options, ['api', 'path', 'stageName', 'defaultMethodOptions', 'integrationTimeout']);
  const mountPrefix = mountPathOf(scope, options.path);
  checkBinaryMediaTypes(scope, api);
  const stageName = options.stageName ?? api.deploymentStage?.stageName;
  if (stageName === undefined) {
    throw new Error(`${scope.node.path}: new routes of api ${api.node.path} are live only after a deployment to a stage, and its stage is not known; `
      + "name the stage, e.g. stageName: 'prod'");
  }
  const path = mountPrefix ?? '';
  const deployedByApi = hasOwnDeployment(scope, api);
  const parent = resourceAt(scope, deployedByApi ? api.root : importedRoot(scope, api), api, path);
  const proxy = new apigateway.Resource(scope, 'RestApiProxy', { parent, pathPart: '{proxy+}' });
  const methods = [
    new apigateway.Method(scope, 'RestApiAny', { resource: parent, httpMethod: 'ANY', integration, options: options.defaultMethodOptions }),
    new apigateway.Method(scope, 'RestApiProxyAny', { resource: proxy, httpMethod: 'ANY', integration, options: options.defaultMethodOptions }),
  ];
  if (!deployedByApi) deploy(scope, parent.api, stageName, path, methods);

  const { region, urlSuffix } = cdk.Stack.of(scope);
  return { url: `https://${api.restApiId}.execute-api.${region}.${urlSuffix}/${stageName}${path || '/'}`, mountPrefix };
}

/** Whether the API's own Deployment includes the new routes. It does so only in its own stack: across stacks there would be a dependency cycle. */
function hasOwnDeployment(scope: Construct, api: apigateway.IRestApi): boolean {
  return api.latestDeployment !== undefined && cdk.Stack.of(api) === cdk.Stack.of(scope);
}

/** The root of the API, imported into the app's own stack, so that everything added to it is in that stack. */
function importedRoot(scope: Construct, api: apigateway.IRestApi): apigateway.IResource {
  return apigateway.RestApi.fromRestApiAttributes(scope, 'ImportedRestApi', {
    restApiId: api.restApiId,
    rootResourceId: api.restApiRootResourceId,
  }).root;
}

/** Finds the resource of a path. Uses the resources that the API already has, and makes the missing ones. */
function resourceAt(scope: Construct, root: apigateway.IResource, api: apigateway.IRestApi, path: string): apigateway.IResource {
  let resource = root;
  let existing: apigateway.IResource | undefined = api.root;
  let walked = '';
  for (const pathPart of path.split('/').filter(Boolean)) {
    walked += `/${pathPart}`;
    existing = existing?.getResource(pathPart);
    if (!existing) {
      resource = root === api.root
        ? addSharedResource(resource, pathPart)
        : new apigateway.Resource(scope, `RestApiResource${walked.replace(/\//g, '.')}`, { parent: resource, pathPart });
    } else if (root === api.root) {
      resource = existing;
    } else {
      resource = apigateway.Resource.fromResourceAttributes(scope, `RestApiResource${walked.replace(/\//g, '.')}`, {
        resourceId: existing.resourceId,
        restApi: root.api,
        path: walked,
      });
    }
  }
  return resource;
}

/** Its scope is the API, because all apps below the path use it: its ID stays the same when one of them is removed. */
function addSharedResource(parent: apigateway.IResource, pathPart: string): apigateway.Resource {
  const resource = parent.addResource(pathPart);
  convertPreflightToText(resource);
  return resource;
}

/**
 * Deploys the API again whenever the routes of the app change, because a Deployment is a copy of the API at that time.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
function deploy(scope: Construct, api: apigateway.IRestApi, stageName: string, path: string, methods: apigateway.Method[]): void {
  const deployment = new apigateway.Deployment(scope, 'RestApiDeployment', {
    api,
    stageName,
    // The stage uses it until the next deployment, so it cannot be deleted.
    retainDeployments: true,
  });
  deployment.node.addDependency(...methods);
  deployment.addToLogicalId({
    path,
    methods: methods.map(({ node }) => {
      const { integration, authorizationType, authorizerId, authorizationScopes, apiKeyRequired } = node.defaultChild as apigateway.CfnMethod;
      return { integration, authorizationType, authorizerId, authorizationScopes, apiKeyRequired };
    }),
  });
}

/** Throws if the binary media types of the API do not include all types, and warns if they are not known. */
function checkBinaryMediaTypes(scope: Construct, api: apigateway.IRestApi): void {
  const resource = definitionOf(api);
  // An API that is made from an OpenAPI definition has its types in there.
  if (!resource || resource.body !== undefined || resource.bodyS3Location !== undefined) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:binary-media-types',
      `api ${api.node.path} must have '*/*' in its binaryMediaTypes, or binary bodies are broken; whether it has cannot be checked at synth`);
    return;
  }
  const types = cdk.Stack.of(resource).resolve(resource.binaryMediaTypes) ?? [];
  if (Array.isArray(types) && !types.includes('*/*')) {
    throw new Error(`${scope.node.path}: api ${api.node.path} has binaryMediaTypes ${JSON.stringify(types)}, so other binary bodies are broken; `
      + "add '*/*' to them");
  }
}

/** The CloudFormation resource of an API. Undefined for an imported one. */
function definitionOf(api: apigateway.IRestApi): apigateway.CfnRestApi | undefined {
  const resource = api.node.defaultChild;
  // Not with `instanceof`: it is false for objects of another copy of the CDK.
  return resource && cdk.CfnResource.isCfnResource(resource) && resource.cfnResourceType === apigateway.CfnRestApi.CFN_RESOURCE_TYPE_NAME
    ? resource as apigateway.CfnRestApi
    : undefined;
}
