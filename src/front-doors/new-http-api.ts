import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { addApiDomain } from './api-domain';
import { HttpApiOptions } from './http-api-options';

/** Makes an HTTP API that sends every request to the app. */
export function makeNewHttpApi(
  scope: Construct,
  options: HttpApiOptions,
  integration: HttpLambdaIntegration,
): { url: string; httpApi: apigwv2.HttpApi } {
  checkOptions(scope, options);
  const { stageOptions, domain, api, path, ...apiProps } = options;
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

  if (apiProps.corsPreflight && apiProps.defaultAuthorizer) addPreflightRoutes(httpApi, integration);
  if (!domain) return { url: withSlash(stage.url), httpApi };
  addApiDomain(scope, domain, httpApi.apiId, stage);
  return { url: `https://${domain.name}/`, httpApi };
}

function checkOptions(scope: Construct, options: HttpApiOptions): void {
  const { defaultIntegration, createDefaultStage, domain, path, defaultDomainMapping } = options;
  if (defaultIntegration) {
    throw new Error(`${scope.node.path}: defaultIntegration cannot be set, because it is the app; drop it, and add other routes with httpApi.addRoutes`);
  }
  if (createDefaultStage === false) {
    throw new Error(`${scope.node.path}: with createDefaultStage: false the app has no URL; drop it, and set stageOptions for other settings of the stage`);
  }
  if (path !== undefined) {
    throw new Error(`${scope.node.path}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
  }
  if (domain && (defaultDomainMapping || options.stageOptions?.domainMapping)) {
    throw new Error(`${scope.node.path}: domain already makes a domain name and its mapping; drop domain, or drop defaultDomainMapping and domainMapping`);
  }
}

/**
 * Adds routes for preflight requests without an authorizer: a preflight request has no credentials, which the `$default` route requires.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function addPreflightRoutes(httpApi: apigwv2.HttpApi, integration: HttpLambdaIntegration): void {
  for (const path of ['/', '/{proxy+}']) {
    httpApi.addRoutes({ path, methods: [apigwv2.HttpMethod.OPTIONS], integration, authorizer: new apigwv2.HttpNoneAuthorizer() });
  }
}

/** Adds the slash that the CDK leaves out in the URL of a stage with a name. */
function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
