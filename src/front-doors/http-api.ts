import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';
import { addAliasRecord, certificateOf, checkDomain, FrontDoorDomain } from './domain';
import { mountPathOf, refuseSettingsOf } from './mount-path';
import { refuseStreaming } from './refuse-streaming';

/**
 * Options of an API Gateway HTTP API: the CDK's own, and where else the app can be.
 *
 * With `corsPreflight`, API Gateway answers preflight requests itself and puts its CORS headers in the place of the app's;
 * without it they go to the app.
 */
export interface HttpApiOptions extends apigwv2.HttpApiProps {
  /**
   * Settings of the stage: throttling, access log, metrics, another name than `$default`.
   *
   * With them `httpApi.defaultStage` is undefined; the stage's address is the app's `url`.
   *
   * @default - the `$default` stage, deployed automatically, that the CDK makes
   */
  readonly stageOptions?: apigwv2.HttpStageOptions;

  /**
   * A domain name of your own.
   *
   * @default - the name that AWS gives
   */
  readonly domain?: FrontDoorDomain;

  /**
   * An API that has other routes, to which this app is added. Of the API's own settings only `defaultAuthorizer` and
   * `defaultAuthorizationScopes` can then be given here: they count for this app's routes.
   *
   * @default - an API of its own
   */
  readonly api?: apigwv2.IHttpApi;

  /**
   * Where the app is on an existing `api`: this path and everything below it, e.g. `/app`. The app sees its paths without it.
   *
   * @default - everything for which the API has no other route
   */
  readonly path?: string;
}

/** API Gateway waits no longer, and this cannot be raised: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_WAIT = cdk.Duration.seconds(30);

/** Lambda's limit, which is below that of API Gateway: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
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
    // The id of the CDK's own stage, so that options can come and go without a second `$default` beside the first.
    const stage = httpApi.defaultStage ?? httpApi.addStage('DefaultStage', { autoDeploy: true, ...stageOptions });

    if (apiProps.corsPreflight && apiProps.defaultAuthorizer) this.openPreflight(httpApi, integration);
    if (!domain) return { url: withSlash(stage.url), httpApi };
    this.addDomain(scope, domain, httpApi, stage);
    return { url: `https://${domain.name}/`, httpApi };
  }

  private checkOwnApi(scope: Construct): void {
    const { defaultIntegration, createDefaultStage, domain, path, defaultDomainMapping } = this.options;
    if (defaultIntegration) {
      throw new Error(`${scope.node.path}: defaultIntegration is the app itself; drop it, and add other routes with httpApi.addRoutes`);
    }
    if (createDefaultStage === false) {
      throw new Error(`${scope.node.path}: createDefaultStage: false leaves the app without an address; set stageOptions to shape its stage`);
    }
    if (path !== undefined) {
      throw new Error(`${scope.node.path}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
    }
    if (domain && (defaultDomainMapping || this.options.stageOptions?.domainMapping)) {
      throw new Error(`${scope.node.path}: domain makes a domain name and its mapping; drop it, or drop defaultDomainMapping and domainMapping`);
    }
  }

  /**
   * A preflight request has no credentials, and the `$default` route would ask for them.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
   */
  private openPreflight(httpApi: apigwv2.HttpApi, integration: HttpLambdaIntegration): void {
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
    refuseSettingsOf(scope, 'api', this.options, ['api', 'path', 'defaultAuthorizer', 'defaultAuthorizationScopes']);
    const mountPrefix = mountPathOf(scope, this.options.path);
    if (!mountPrefix && httpApi.node.tryFindChild('DefaultRoute')) {
      throw new Error(`${scope.node.path}: api ${httpApi.node.path} has a default integration already; give this app a path, e.g. path: '/app'`);
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

/** The address of a named stage has no slash at its end. */
function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
