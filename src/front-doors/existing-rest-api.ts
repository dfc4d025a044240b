import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';

/** What is to be added to an API that others use as well. */
export interface RestApiAddition {
  /** The path of the app; absent at the root. */
  readonly path?: string;
  readonly integration: apigateway.Integration;
  readonly methodOptions?: apigateway.MethodOptions;
  readonly stageName?: string;
}

/**
 * Adds a path and everything below it to an API, in the scope of the app, wherever the API is.
 *
 * @returns the address of the path
 */
export function addToExistingRestApi(scope: Construct, api: apigateway.IRestApi, addition: RestApiAddition): string {
  checkBinaryMediaTypes(scope, api);
  const { integration, methodOptions: options, path = '' } = addition;
  const stageName = addition.stageName ?? api.deploymentStage?.stageName;
  if (stageName === undefined) {
    throw new Error(`${scope.node.path}: new routes of api ${api.node.path} go live only through a deployment of a stage, and it has none; `
      + "name the stage, e.g. stageName: 'prod'");
  }
  const deployed = isDeployedHere(scope, api);
  const parent = resourceAt(scope, deployed ? api.root : importedRoot(scope, api), api, path);
  const proxy = new apigateway.Resource(scope, 'Proxy', { parent, pathPart: '{proxy+}' });
  const methods = [
    new apigateway.Method(scope, 'Any', { resource: parent, httpMethod: 'ANY', integration, options }),
    new apigateway.Method(scope, 'ProxyAny', { resource: proxy, httpMethod: 'ANY', integration, options }),
  ];
  if (!deployed) deploy(scope, parent.api, stageName, path, methods);

  const { region, urlSuffix } = cdk.Stack.of(scope);
  return `https://${api.restApiId}.execute-api.${region}.${urlSuffix}/${stageName}${path || '/'}`;
}

/** The API's own Deployment takes up what is added to it, but only within its stack: across stacks that would be a cycle. */
function isDeployedHere(scope: Construct, api: apigateway.IRestApi): boolean {
  return api.latestDeployment !== undefined && cdk.Stack.of(api) === cdk.Stack.of(scope);
}

/** The API as something imported into the app's own stack: whatever is added to it stays there. */
function importedRoot(scope: Construct, api: apigateway.IRestApi): apigateway.IResource {
  return apigateway.RestApi.fromRestApiAttributes(scope, 'Api', {
    restApiId: api.restApiId,
    rootResourceId: api.restApiRootResourceId,
  }).root;
}

/** Takes the resources that the API has on the way, and makes the others. */
function resourceAt(scope: Construct, root: apigateway.IResource, api: apigateway.IRestApi, path: string): apigateway.IResource {
  let resource = root;
  let present: apigateway.IResource | undefined = api.root;
  let walked = '';
  for (const pathPart of path.split('/').filter(Boolean)) {
    walked += `/${pathPart}`;
    present = present?.getResource(pathPart);
    if (!present) {
      resource = new apigateway.Resource(scope, `Resource${walked.replace(/\//g, '.')}`, { parent: resource, pathPart });
    } else if (root === api.root) {
      resource = present;
    } else {
      resource = apigateway.Resource.fromResourceAttributes(scope, `Resource${walked.replace(/\//g, '.')}`, {
        resourceId: present.resourceId,
        restApi: root.api,
        path: walked,
      });
    }
  }
  return resource;
}

/**
 * Deploys the API once more, whenever the routes change: a Deployment is a copy of the API as it then is.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
function deploy(scope: Construct, api: apigateway.IRestApi, stageName: string, path: string, methods: apigateway.Method[]): void {
  const deployment = new apigateway.Deployment(scope, 'Deployment', {
    api,
    stageName,
    // The stage uses it until something else is deployed: it cannot be deleted.
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

/** Where the list is known it must have all types; where it is not, the user is told. */
function checkBinaryMediaTypes(scope: Construct, api: apigateway.IRestApi): void {
  const resource = definitionOf(api);
  // One that is made from a definition has its types in that.
  if (!resource || resource.body !== undefined || resource.bodyS3Location !== undefined) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:binary-media-types',
      `api ${api.node.path} must have '*/*' in its binaryMediaTypes, or binary bodies break; it cannot be seen from here whether it has`);
    return;
  }
  const types = cdk.Stack.of(resource).resolve(resource.binaryMediaTypes) ?? [];
  if (Array.isArray(types) && !types.includes('*/*')) {
    throw new Error(`${scope.node.path}: api ${api.node.path} has binaryMediaTypes ${JSON.stringify(types)}, so that binary bodies would break; `
      + "add '*/*' to them");
  }
}

/** What is written into the template for an API; there is none for one that is imported. */
function definitionOf(api: apigateway.IRestApi): apigateway.CfnRestApi | undefined {
  const resource = api.node.defaultChild;
  // Not by `instanceof`: with two copies of the CDK in one tree it would say no.
  return resource && cdk.CfnResource.isCfnResource(resource) && resource.cfnResourceType === apigateway.CfnRestApi.CFN_RESOURCE_TYPE_NAME
    ? resource as apigateway.CfnRestApi
    : undefined;
}
