import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { httpApiUrl } from './api-url';
import { HttpApiOptions } from './http-api-options';
import { preflightPathsOf } from './http-api-preflight';
import { mountPathOf } from './mount-path';
import { publicUrlOf } from './public-url';
import { refuseSettings } from './refuse-settings';

/** Adds routes for the app to an existing HTTP API. They are in the scope of the app, even if the API is in another stack. */
export function addToExistingHttpApi(
  scope: Construct,
  httpApi: apigwv2.IHttpApi,
  options: HttpApiOptions,
  integration: HttpLambdaIntegration,
): { url: string; mountPrefix?: string; openPreflightRoutes?: boolean } {
  refuseSettings(scope, 'api', options, ['api', 'path', 'stageName', 'publicUrl', 'defaultAuthorizer', 'defaultAuthorizationScopes']);
  const mountPrefix = mountPathOf(scope, options.path);
  const { defaultAuthorizer: authorizer, defaultAuthorizationScopes: authorizationScopes } = options;
  const routeKeys = mountPrefix
    ? [mountPrefix, `${mountPrefix}/{proxy+}`].map(path => apigwv2.HttpRouteKey.with(path, apigwv2.HttpMethod.ANY))
    : [apigwv2.HttpRouteKey.DEFAULT];
  const [route] = routeKeys.map((routeKey, index) => new apigwv2.HttpRoute(scope, index === 0 ? 'HttpApiRoute' : 'HttpApiProxyRoute', {
    httpApi,
    routeKey,
    integration,
    authorizer,
    authorizationScopes,
  }));
  const preflightPaths = preflightPathsOf(scope, httpApi, route, mountPrefix);
  for (const path of preflightPaths) {
    new apigwv2.HttpRoute(scope, path.endsWith('{proxy+}') ? 'HttpApiPreflightProxyRoute' : 'HttpApiPreflightRoute', {
      httpApi,
      routeKey: apigwv2.HttpRouteKey.with(path, apigwv2.HttpMethod.OPTIONS),
      integration,
      authorizer: new apigwv2.HttpNoneAuthorizer(),
    });
  }
  return {
    url: publicUrlOf(scope, options) ?? httpApiUrl(scope, httpApi, options.stageName, mountPrefix),
    mountPrefix,
    openPreflightRoutes: preflightPaths.length > 0 || undefined,
  };
}
