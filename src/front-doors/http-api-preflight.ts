import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { definitionOf } from './find-resources';
import { warnOfRefusedPreflights } from './warn-of-refused-preflights';

/**
 * The paths at which an app needs open routes, which are OPTIONS routes without an authorizer: its own routes have an authorizer, and
 * the API answers preflight requests. These have no credentials, so API Gateway would refuse them on `$default` and `ANY` routes.
 * The runtime lets no request on an open route reach the app.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 *
 * Warns if the API does not answer preflight requests, or if that is not known.
 */
export function preflightPathsOf(scope: Construct, httpApi: apigwv2.IHttpApi, routeOfApp: apigwv2.IHttpRoute, mountPrefix: string = ''): string[] {
  if (!hasAuthorizer(routeOfApp)) return [];
  const paths = [mountPrefix || '/', `${mountPrefix}/{proxy+}`];
  const definition = definitionOf<apigwv2.CfnApi>(httpApi, apigwv2.CfnApi.CFN_RESOURCE_TYPE_NAME);
  if (!definition) {
    warnOfRefusedPreflights(scope, `set CORS on the imported api ${httpApi.node.path} and add the routes `
      + `${paths.map(path => `'OPTIONS ${path}'`).join(' and ')} without an authorizer to it`);
    return [];
  }
  if (definition.corsConfiguration === undefined) {
    warnOfRefusedPreflights(scope, httpApi.node.scope === scope ? 'set corsPreflight' : `set corsPreflight on api ${httpApi.node.path}`);
    return [];
  }
  // The user may have added such a route with addRoutes.
  return paths.filter(path => !httpApi.node.tryFindChild(`OPTIONS${path}`));
}

/** Whether a route needs credentials, by its own authorizer or by the default one of the API. */
function hasAuthorizer(route: apigwv2.IHttpRoute): boolean {
  return (route.node.defaultChild as apigwv2.CfnRoute).authorizationType !== 'NONE';
}
