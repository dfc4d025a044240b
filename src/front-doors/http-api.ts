import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { addAliasRecord, certificateOf, checkDomain, FrontDoorDomain } from './domain';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from './i-front-door';
import { mountPathOf } from './mount-path';
import { refuseSettings } from './refuse-settings';
import { refuseStreaming } from './refuse-streaming';

/**
 * Options of an API Gateway HTTP API: the CDK's own, and those to add the app to an existing API.
 *
 * With `corsPreflight`, API Gateway answers CORS preflight requests itself and replaces the CORS headers of the app; without it
 * preflight requests go to the app.
 */
export interface HttpApiOptions extends apigwv2.HttpApiProps {
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
}

/** The limit of API Gateway, which cannot be raised: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_WAIT = cdk.Duration.seconds(30);

/** The limit of Lambda, which is lower than that of API Gateway: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_SIZE = cdk.Size.mebibytes(6);

/** `https://<id>.execute-api.<region>.amazonaws.com/` */
export class HttpApiFrontDoor implements IFrontDoor {
  constructor(private readonly options: HttpApiOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    refuseStreaming(scope, 'http-api', options);
    const integration = new HttpLambdaIntegration('Integration', options.handler, {
      payloadFormatVersion: apigwv2.PayloadFormatVersion.VERSION_2_0,
    });
    const bound = this.options.api
      ? this.useApi(scope, this.options.api, integration)
      : this.makeApi(scope, integration);
    return { door: 'http-api', responseMode: 'buffered', maxWait: MAX_WAIT, maxBodySize: MAX_BODY_SIZE, ...bound };
  }

  private makeApi(scope: Construct, integration: HttpLambdaIntegration): Pick<FrontDoorConfig, 'url' | 'httpApi'> {
    const { stageOptions, domain, api, path, ...apiProps } = this.options;
    this.checkOwnApi(scope);

    const httpApi = new apigwv2.HttpApi(scope, 'Api', {
      ...apiProps,
      apiName: apiProps.apiName ?? scope.node.path.replace(/\//g, '-'),
      defaultIntegration: integration,
      createDefaultStage: stageOptions === undefined,
    });
    // The same id as the CDK's own default stage: when stageOptions are added or removed, the stage stays the same resource.
    const stage = httpApi.defaultStage ?? httpApi.addStage('DefaultStage', { autoDeploy: true, ...stageOptions });

    if (apiProps.corsPreflight && apiProps.defaultAuthorizer) this.addPreflightRoutes(httpApi, integration);
    if (!domain) return { url: withSlash(stage.url), httpApi };
    this.addDomain(scope, domain, httpApi, stage);
    return { url: `https://${domain.name}/`, httpApi };
  }

  private checkOwnApi(scope: Construct): void {
    const { defaultIntegration, createDefaultStage, domain, path, defaultDomainMapping } = this.options;
    if (defaultIntegration) {
      throw new Error(`${scope.node.path}: defaultIntegration cannot be set, because it is the app; drop it, and add other routes with httpApi.addRoutes`);
    }
    if (createDefaultStage === false) {
      throw new Error(`${scope.node.path}: with createDefaultStage: false the app has no URL; drop it, and set stageOptions for other settings of the stage`);
    }
    if (path !== undefined) {
      throw new Error(`${scope.node.path}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
    }
    if (domain && (defaultDomainMapping || this.options.stageOptions?.domainMapping)) {
      throw new Error(`${scope.node.path}: domain already makes a domain name and its mapping; drop domain, or drop defaultDomainMapping and domainMapping`);
    }
  }

  /**
   * Adds routes for preflight requests without an authorizer: a preflight request has no credentials, which the `$default` route requires.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
   */
  private addPreflightRoutes(httpApi: apigwv2.HttpApi, integration: HttpLambdaIntegration): void {
    for (const path of ['/', '/{proxy+}']) {
      httpApi.addRoutes({ path, methods: [apigwv2.HttpMethod.OPTIONS], integration, authorizer: new apigwv2.HttpNoneAuthorizer() });
    }
  }

  private addDomain(scope: Construct, domain: FrontDoorDomain, api: apigwv2.IHttpApi, stage: apigwv2.IHttpStage): void {
    checkDomain(scope, domain);
    const domainName = new apigwv2.DomainName(scope, 'DomainName', {
      domainName: domain.name,
      certificate: certificateOf(scope, domain),
    });
    new apigwv2.ApiMapping(scope, 'Mapping', { api, domainName, stage });
    addAliasRecord(scope, domain, new route53Targets.ApiGatewayv2DomainProperties(
      domainName.regionalDomainName,
      domainName.regionalHostedZoneId,
    ));
  }

  private useApi(scope: Construct, httpApi: apigwv2.IHttpApi, integration: HttpLambdaIntegration): Pick<FrontDoorConfig, 'url' | 'mountPrefix'> {
    refuseSettings(scope, 'api', this.options, ['api', 'path', 'defaultAuthorizer', 'defaultAuthorizationScopes']);
    const mountPrefix = mountPathOf(scope, this.options.path);
    if (!mountPrefix && httpApi.node.tryFindChild('DefaultRoute')) {
      throw new Error(`${scope.node.path}: api ${httpApi.node.path} already has a default route; give this app a path, e.g. path: '/app'`);
    }
    const { defaultAuthorizer: authorizer, defaultAuthorizationScopes: authorizationScopes } = this.options;
    const routes = mountPrefix
      ? [mountPrefix, `${mountPrefix}/{proxy+}`].map(path => apigwv2.HttpRouteKey.with(path, apigwv2.HttpMethod.ANY))
      : [apigwv2.HttpRouteKey.DEFAULT];
    routes.forEach((routeKey, index) => new apigwv2.HttpRoute(scope, index === 0 ? 'Route' : 'ProxyRoute', {
      httpApi,
      routeKey,
      integration,
      authorizer,
      authorizationScopes,
    }));
    const { region, urlSuffix } = cdk.Stack.of(scope);
    return { url: `https://${httpApi.apiId}.execute-api.${region}.${urlSuffix}${mountPrefix ?? '/'}`, mountPrefix };
  }
}

/** Adds the slash that the CDK leaves out in the URL of a stage with a name. */
function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
