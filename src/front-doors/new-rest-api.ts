import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { addApiDomain } from './api-domain';
import { restApiUrl } from './api-url';
import { addEdgeDomain } from './edge-domain';
import { publicUrlOf } from './public-url';
import { methodOptionsOf } from './rest-api-method-options';
import { RestApiOptions } from './rest-api-options';
import { warnIfPreflightsAreRefused } from './rest-api-preflight';

/** Makes a REST API that sends every path and method to the app. */
export function makeNewRestApi(
  scope: Construct,
  options: RestApiOptions,
  integration: apigateway.Integration,
): { url: string; restApi: apigateway.RestApi } {
  checkOptions(scope, options);
  const { integrationTimeout, domain, api, path, stageName, publicUrl, ...apiProps } = options;
  const restApi = new apigateway.RestApi(scope, 'RestApi', {
    ...apiProps,
    // It asks clients for no certificate: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
    disableExecuteApiEndpoint: apiProps.disableExecuteApiEndpoint ?? (domain?.mtls ? true : undefined),
    restApiName: apiProps.restApiName ?? scope.node.path.replace(/\//g, '-'),
    endpointTypes: apiProps.endpointTypes ?? (apiProps.endpointConfiguration ? undefined : [apigateway.EndpointType.REGIONAL]),
    // Without it API Gateway converts every binary body to text and breaks it.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
    binaryMediaTypes: apiProps.binaryMediaTypes ?? ['*/*'],
    // The CDK's default sets a role for the whole account and region.
    cloudWatchRole: apiProps.cloudWatchRole ?? false,
  });
  if (apiProps.endpointExportName === undefined) {
    // The app has the output `Url` already.
    restApi.node.tryRemoveChild('Endpoint');
  }
  const methodOptions = methodOptionsOf(scope, restApi, options.defaultMethodOptions);
  warnIfPreflightsAreRefused(scope, [restApi.root.addMethod('ANY', integration, methodOptions)]);
  restApi.root.addProxy({ anyMethod: false }).addMethod('ANY', integration, methodOptions);
  allowVpcEndpoints(restApi, options);

  if (domain && endpointTypesOf(options)[0] === apigateway.EndpointType.EDGE) {
    addEdgeDomain(scope, domain, restApi);
  } else if (domain) {
    addApiDomain(scope, domain, restApi.restApiId, restApi.deploymentStage);
  }
  return { url: publicUrlOf(scope, options) ?? (domain ? `https://${domain.name}/` : restApiUrl(scope, restApi, undefined)), restApi };
}

function checkOptions(scope: Construct, options: RestApiOptions): void {
  const { binaryMediaTypes, defaultIntegration, deploy, domain, domainName, path, policy, stageName, endpointConfiguration } = options;
  const where = scope.node.path;
  if (defaultIntegration) throw new Error(`${where}: defaultIntegration cannot be set, because it is the app; drop it, and add other resources to restApi.root`);
  if (deploy === false) throw new Error(`${where}: with deploy: false the app has no URL; drop it`);
  if (path !== undefined) throw new Error(`${where}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
  if (stageName !== undefined) throw new Error(`${where}: stageName is for an existing api; use deployOptions: { stageName: ${JSON.stringify(stageName)} }`);
  if (binaryMediaTypes && !cdk.Token.isUnresolved(binaryMediaTypes) && !binaryMediaTypes.includes('*/*')) {
    throw new Error(`${where}: with binaryMediaTypes ${JSON.stringify(binaryMediaTypes)} bodies of other binary types are broken; drop it, or add '*/*'`);
  }
  if (domain && domainName) throw new Error(`${where}: domain already makes a domain name and its mapping; drop domain, or drop domainName`);
  if (!isPrivate(options)) return;
  if (domain) throw new Error(`${where}: a private API cannot have a public domain name; drop domain, or the PRIVATE endpoint type`);
  if (!policy && !endpointConfiguration?.vpcEndpoints?.length) {
    throw new Error(`${where}: a private API rejects all requests until a policy allows them; give endpointConfiguration.vpcEndpoints, or a policy`);
  }
}

function endpointTypesOf({ endpointConfiguration, endpointTypes }: RestApiOptions): apigateway.EndpointType[] {
  return endpointConfiguration?.types ?? endpointTypes ?? [];
}

function isPrivate(options: RestApiOptions): boolean {
  return endpointTypesOf(options).includes(apigateway.EndpointType.PRIVATE);
}

/** Allows requests through the VPC endpoints of a private API, if the user gave no policy. */
function allowVpcEndpoints(restApi: apigateway.RestApi, options: RestApiOptions): void {
  const { vpcEndpoints } = options.endpointConfiguration ?? {};
  if (isPrivate(options) && !options.policy && vpcEndpoints) restApi.grantInvokeFromVpcEndpointsOnly(vpcEndpoints);
}
