import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { FrontDoorDomain } from './domain';
import { PublicUrlOptions } from './public-url';

/**
 * Options of an API Gateway HTTP API: the CDK's own, and those to add the app to an existing API.
 *
 * With `corsPreflight`, API Gateway answers CORS preflight requests itself and replaces the CORS headers of the app; without it
 * preflight requests go to the app. With an authorizer as well, OPTIONS routes without one are added for preflight requests; the
 * runtime answers every other request on them with 401.
 */
export interface HttpApiOptions extends apigwv2.HttpApiProps, PublicUrlOptions {
  /**
   * Settings of the stage, such as throttling, the access log, metrics, or another name than `$default`.
   *
   * If they are set, `httpApi.defaultStage` is undefined. The URL of the stage is the app's `url`.
   *
   * @default - the CDK's `$default` stage, which is deployed automatically
   */
  readonly stageOptions?: apigwv2.HttpStageOptions;

  /**
   * Your own domain name.
   *
   * @default - the domain name that AWS gives to the API
   */
  readonly domain?: FrontDoorDomain;

  /**
   * An existing API. It gets new routes for this app. Of the settings of an API, only `defaultAuthorizer` and
   * `defaultAuthorizationScopes` can be set together with it: they apply to the routes of this app.
   *
   * @default - a new API
   */
  readonly api?: apigwv2.IHttpApi;

  /**
   * The path of the app on an existing `api`, e.g. `/app`: the app gets this path and everything below it, and sees its own paths
   * without this prefix.
   *
   * @default - the app gets every request for which the API has no other route
   */
  readonly path?: string;

  /**
   * The stage of an existing `api` through which clients call it. It is part of the `url`. It must deploy automatically.
   *
   * @default - `$default`, or the only stage that the `api` has in this CDK app
   */
  readonly stageName?: string;
}
