import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { addApiDomain } from './api-domain';
import { httpApiUrl } from './api-url';
import { HttpApiOptions } from './http-api-options';
import { preflightPathsOf } from './http-api-preflight';
import { publicUrlOf } from './public-url';

/** Makes an HTTP API that sends every request to the app. */
export function makeNewHttpApi(
  scope: Construct,
  options: HttpApiOptions,
  integration: HttpLambdaIntegration,
): { url: string; httpApi: apigwv2.HttpApi; mappingKey?: string; openPreflightRoutes?: boolean } {
  checkOptions(scope, options);
  const { stageOptions, domain, api, path, stageName, publicUrl, ...apiProps } = options;
  const httpApi = new apigwv2.HttpApi(scope, 'HttpApi', {
    ...apiProps,
    // It asks clients for no certificate: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
    disableExecuteApiEndpoint: apiProps.disableExecuteApiEndpoint ?? (domain?.mtls ? true : undefined),
    apiName: apiProps.apiName ?? scope.node.path.replace(/\//g, '-'),
    defaultIntegration: integration,
    createDefaultStage: stageOptions === undefined,
  });
  // The same id as the CDK's own default stage: when stageOptions are added or removed, the stage stays the same resource.
  const stage = httpApi.defaultStage ?? httpApi.addStage('DefaultStage', { autoDeploy: true, ...stageOptions });

  const preflightPaths = preflightPathsOf(scope, httpApi, httpApi.node.findChild('DefaultRoute') as apigwv2.HttpRoute);
  for (const each of preflightPaths) {
    httpApi.addRoutes({ path: each, methods: [apigwv2.HttpMethod.OPTIONS], integration, authorizer: new apigwv2.HttpNoneAuthorizer() });
  }
  if (domain) addApiDomain(scope, domain, httpApi.apiId, stage);
  return {
    url: publicUrlOf(scope, options) ?? (domain ? `https://${domain.name}/` : httpApiUrl(scope, httpApi, stage.stageName, undefined)),
    httpApi,
    mappingKey: mappingKeyOf(stageOptions?.domainMapping ?? apiProps.defaultDomainMapping),
    openPreflightRoutes: preflightPaths.length > 0 || undefined,
  };
}

function checkOptions(scope: Construct, options: HttpApiOptions): void {
  const { defaultIntegration, createDefaultStage, domain, path, stageName, defaultDomainMapping } = options;
  if (defaultIntegration) {
    throw new Error(`${scope.node.path}: defaultIntegration cannot be set, because it is the app; drop it, and add other routes with httpApi.addRoutes`);
  }
  if (createDefaultStage === false) {
    throw new Error(`${scope.node.path}: with createDefaultStage: false the app has no URL; drop it, and set stageOptions for other settings of the stage`);
  }
  if (path !== undefined) {
    throw new Error(`${scope.node.path}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
  }
  if (stageName !== undefined) {
    throw new Error(`${scope.node.path}: stageName is for an existing api; use stageOptions: { stageName: ${JSON.stringify(stageName)} }`);
  }
  if (domain && (defaultDomainMapping || options.stageOptions?.domainMapping)) {
    throw new Error(`${scope.node.path}: domain already makes a domain name and its mapping; drop domain, or drop defaultDomainMapping and domainMapping`);
  }
}

/** The key of a mapping to a custom domain. Undefined for a token: the runtime needs the value at synth. */
function mappingKeyOf(mapping: apigwv2.DomainMappingOptions | undefined): string | undefined {
  const key = mapping?.mappingKey;
  return cdk.Token.isUnresolved(key) ? undefined : key;
}
