import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { restApiDefinitionOf, restApiUrl } from './api-url';
import { mountPathOf } from './mount-path';
import { addPlaceholderMethod } from './placeholder-method';
import { publicUrlOf } from './public-url';
import { refuseSettings } from './refuse-settings';
import { methodOptionsOf } from './rest-api-method-options';
import { RestApiOptions } from './rest-api-options';
import { convertPreflightToText, warnIfPreflightsAreRefused } from './rest-api-preflight';

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
  refuseSettings(scope, 'api', options, ['api', 'path', 'stageName', 'publicUrl', 'defaultMethodOptions', 'defaultCorsPreflightOptions', 'integrationTimeout']);
  const mountPrefix = mountPathOf(scope, options.path);
  checkBinaryMediaTypes(scope, api);
  const stageName = options.stageName ?? api.deploymentStage?.stageName;
  if (stageName === undefined) {
    throw new Error(`${scope.node.path}: new routes of api ${api.node.path} are live only after a deployment to a stage, and its stage is not known; `
      + "name the stage, e.g. stageName: 'prod'");
  }
  const path = mountPrefix ?? '';
  const inStackOfApi = cdk.Stack.of(api) === cdk.Stack.of(scope);
  if (!inStackOfApi) addPlaceholderMethod(api);
  const { defaultCorsPreflightOptions } = options;
  const answersPreflights = existingResource(api, path)?.node.tryFindChild('OPTIONS') !== undefined;
  const parent = resourceAt(scope, inStackOfApi ? api.root : importedRoot(scope, api), api, path, defaultCorsPreflightOptions);
  const proxy = new apigateway.Resource(scope, 'RestApiProxy', { parent, pathPart: '{proxy+}', defaultCorsPreflightOptions });
  const preflights = preflightMethods(api, answersPreflights ? [proxy] : [parent, proxy], proxy);
  const methodOptions = { ...options.defaultMethodOptions, ...methodOptionsOf(scope, parent.api, options.defaultMethodOptions) };
  const methods = [
    new apigateway.Method(scope, 'RestApiAny', { resource: parent, httpMethod: 'ANY', integration, options: methodOptions }),
    new apigateway.Method(scope, 'RestApiProxyAny', { resource: proxy, httpMethod: 'ANY', integration, options: methodOptions }),
  ];
  // The API's own Deployment includes new routes only in its own stack: across stacks there would be a dependency cycle.
  if (!inStackOfApi || !api.latestDeployment) deploy(scope, parent.api, stageName, path, [...methods, ...preflights]);
  if (preflights.length === 0) warnIfPreflightsAreRefused(scope, methods);

  return { url: publicUrlOf(scope, options) ?? restApiUrl(scope, api, options.stageName, mountPrefix), mountPrefix };
}

/** The root of the API, imported into the app's own stack, so that everything added to it is in that stack. */
function importedRoot(scope: Construct, api: apigateway.IRestApi): apigateway.IResource {
  return apigateway.RestApi.fromRestApiAttributes(scope, 'ImportedRestApi', {
    restApiId: api.restApiId,
    rootResourceId: api.restApiRootResourceId,
  }).root;
}

/** Finds the resource of a path. Uses the resources that the API already has, and makes the missing ones. */
function resourceAt(
  scope: Construct,
  root: apigateway.IResource,
  api: apigateway.IRestApi,
  path: string,
  defaultCorsPreflightOptions: apigateway.CorsOptions | undefined,
): apigateway.IResource {
  let resource = root;
  let existing: apigateway.IResource | undefined = api.root;
  let walked = '';
  for (const pathPart of path.split('/').filter(Boolean)) {
    walked += `/${pathPart}`;
    existing = existing?.getResource(pathPart);
    if (!existing) {
      resource = root === api.root
        ? addSharedResource(resource, pathPart, defaultCorsPreflightOptions)
        : new apigateway.Resource(scope, `RestApiResource${walked.replace(/\//g, '.')}`, { parent: resource, pathPart, defaultCorsPreflightOptions });
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
function addSharedResource(
  parent: apigateway.IResource,
  pathPart: string,
  defaultCorsPreflightOptions: apigateway.CorsOptions | undefined,
): apigateway.Resource {
  const resource = parent.addResource(pathPart, { defaultCorsPreflightOptions });
  convertPreflightToText(resource);
  return resource;
}

/**
 * The methods that answer preflight requests to the app, if it or the API has settings for them. The resources of the app have such
 * methods already, unless they are in another stack than the API and so do not inherit its settings.
 */
function preflightMethods(api: apigateway.IRestApi, resources: apigateway.IResource[], proxy: apigateway.IResource): apigateway.Method[] {
  const settings = proxy.defaultCorsPreflightOptions ?? api.root.defaultCorsPreflightOptions;
  if (!settings) return [];
  return resources.map(resource => {
    const method = (resource.node.tryFindChild('OPTIONS') as apigateway.Method | undefined) ?? resource.addCorsPreflight(settings);
    // A resource that the API already had is not in the scope of the app.
    convertPreflightToText(method);
    return method;
  });
}

/** The resource of a path, if the API has it before the app adds its own. */
function existingResource(api: apigateway.IRestApi, path: string): apigateway.IResource | undefined {
  return path.split('/').filter(Boolean).reduce<apigateway.IResource | undefined>((resource, part) => resource?.getResource(part), api.root);
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
      const {
        integration, authorizationType, authorizerId, authorizationScopes, apiKeyRequired, requestModels, requestParameters, requestValidatorId,
      } = node.defaultChild as apigateway.CfnMethod;
      return {
        integration, authorizationType, authorizerId, authorizationScopes, apiKeyRequired, requestModels, requestParameters, requestValidatorId,
      };
    }),
  });
}

/** Throws if the binary media types of the API do not include all types, and warns if they are not known. */
function checkBinaryMediaTypes(scope: Construct, api: apigateway.IRestApi): void {
  const resource = restApiDefinitionOf(api);
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
