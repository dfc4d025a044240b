import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { HttpApiOptions } from './http-api-options';
import { mountPathOf } from './mount-path';
import { refuseSettings } from './refuse-settings';

/** Adds routes for the app to an existing HTTP API. They are in the scope of the app, even if the API is in another stack. */
export function addToExistingHttpApi(
  scope: Construct,
  httpApi: apigwv2.IHttpApi,
  options: HttpApiOptions,
  integration: HttpLambdaIntegration,
): { url: string; mountPrefix?: string } {
  refuseSettings(scope, 'api', options, ['api', 'path', 'defaultAuthorizer', 'defaultAuthorizationScopes']);
  const mountPrefix = mountPathOf(scope, options.path);
  if (!mountPrefix && httpApi.node.tryFindChild('DefaultRoute')) {
    throw new Error(`${scope.node.path}: api ${httpApi.node.path} already has a default route; give this app a path, e.g. path: '/app'`);
  }
  const { defaultAuthorizer: authorizer, defaultAuthorizationScopes: authorizationScopes } = options;
  const routes = mountPrefix
    ? [mountPrefix, `${mountPrefix}/{proxy+}`].map(path => apigwv2.HttpRouteKey.with(path, apigwv2.HttpMethod.ANY))
    : [apigwv2.HttpRouteKey.DEFAULT];
  routes.forEach((routeKey, index) => new apigwv2.HttpRoute(scope, index === 0 ? 'HttpApiRoute' : 'HttpApiProxyRoute', {
    httpApi,
    routeKey,
    integration,
    authorizer,
    authorizationScopes,
  }));
  const { region, urlSuffix } = cdk.Stack.of(scope);
  return { url: `https://${httpApi.apiId}.execute-api.${region}.${urlSuffix}${mountPrefix ?? '/'}`, mountPrefix };
}
