import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { FrontDoorDomain } from './domain';
import { PublicUrlOptions } from './public-url';

/**
 * Options of an API Gateway REST API: the CDK's own, and those to add the app to an existing API.
 *
 * Some of the CDK's own have other defaults here: the endpoint is REGIONAL, `binaryMediaTypes` covers all types, `cloudWatchRole` is false,
 * and `restApiName` is made of the path of the construct.
 *
 * Set authorizers and API keys in `defaultMethodOptions`, throttling and access logs in `deployOptions`. With
 * `defaultCorsPreflightOptions`, API Gateway answers CORS preflight requests itself, and the app still has to send the CORS headers of
 * every other response; without it preflight requests go to the app.
 */
export interface RestApiOptions extends apigateway.RestApiProps, PublicUrlOptions {
  /**
   * How long API Gateway waits for the app, from 50 milliseconds. For more than 29 seconds, the quota of your account must be raised first.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
   * @default - 29 seconds; with response streaming the timeout of the function, at most 15 minutes
   */
  readonly integrationTimeout?: cdk.Duration;

  /**
   * Your own domain name.
   *
   * @default - the domain name that AWS gives to the API
   */
  readonly domain?: FrontDoorDomain;

  /**
   * An existing API. It gets new resources and methods for this app. Its `binaryMediaTypes` must cover all types. Of the settings of an
   * API, only `defaultMethodOptions` and `defaultCorsPreflightOptions` can be set together with it: they apply to the methods and the
   * resources of this app.
   *
   * @default - a new API
   */
  readonly api?: apigateway.IRestApi;

  /**
   * The path of the app on an existing `api`, e.g. `/app`: the app gets this path and everything below it, and sees its own paths
   * without this prefix.
   *
   * @default - the root
   */
  readonly path?: string;

  /**
   * The stage of an imported `api`. It is part of the `url`, and gets a new deployment, because new routes are live only after a deployment.
   *
   * @default - the stage of the `api`; required for an imported one, whose stage is not known
   */
  readonly stageName?: string;
}
