import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';
import { addAliasRecord, certificateOf, checkDomain, FrontDoorDomain } from './domain';
import { addToExistingRestApi } from './existing-rest-api';
import { mountPathOf, refuseSettingsOf } from './mount-path';

/**
 * Options of an API Gateway REST API: the CDK's own, and where else the app can be.
 *
 * Authorizers and API keys are given as `defaultMethodOptions`, throttling and access logs as `deployOptions`.
 * With `defaultCorsPreflightOptions`, API Gateway answers preflight requests itself, and the app still has to send the CORS
 * headers of every other response; without it preflight requests go to the app.
 */
export interface RestApiOptions extends apigateway.RestApiProps {
  /**
   * How long API Gateway waits for the app. More than 29 seconds need a raised quota of your account.
   *
   * @default - 29 seconds; with response streaming the function's timeout, at most 15 minutes
   */
  readonly integrationTimeout?: cdk.Duration;

  /**
   * A domain name of your own.
   *
   * @default - the name that AWS gives
   */
  readonly domain?: FrontDoorDomain;

  /**
   * An API that has other routes, to which this app is added. Its `binaryMediaTypes` must cover every type. Of the API's own
   * settings only `defaultMethodOptions` can then be given here: they count for this app's methods.
   *
   * @default - an API of its own
   */
  readonly api?: apigateway.IRestApi;

  /**
   * Where the app is on an existing `api`: this path and everything below it, e.g. `/app`. The app sees its paths without it.
   *
   * @default - the root
   */
  readonly path?: string;

  /**
   * The stage on which an imported `api` is deployed anew, for routes go live only through a deployment.
   *
   * @default - the stage of the `api`; one that is imported has none
   */
  readonly stageName?: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const BUFFERED_WAIT = cdk.Duration.seconds(29);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
const STREAMED_WAIT = cdk.Duration.minutes(15);

/** Lambda's limit, which is below that of API Gateway: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_SIZE = cdk.Size.mebibytes(6);

/** `https://<id>.execute-api.<region>.amazonaws.com/prod/` */
export class RestApiFrontDoor implements IFrontDoor {
  constructor(private readonly options: RestApiOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const streaming = options.responseStreaming ?? false;
    const maxWait = this.waitOf(streaming, options.timeout);
    const integration = integrationOf(options.handler, streaming, streaming ? maxWait : this.options.integrationTimeout);
    mendPreflight(scope);
    const bound: Pick<FrontDoorConfig, 'url' | 'mountPrefix' | 'restApi'> = this.options.api
      ? this.useApi(scope, this.options.api, integration)
      : this.makeApi(scope, integration);
    options.handler.addPermission('RestApiPermission', {
      scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      // Every stage, method and path of this API, the console's test button included.
      sourceArn: cdk.Stack.of(scope).formatArn({
        service: 'execute-api',
        resource: (bound.restApi ?? this.options.api!).restApiId,
        resourceName: '*/*/*',
      }),
    });
    return { door: 'rest-api', responseMode: streaming ? 'streaming' : 'buffered', maxWait, maxBodySize: MAX_BODY_SIZE, ...bound };
  }

  private waitOf(streaming: boolean, timeout: cdk.Duration | undefined): cdk.Duration {
    if (this.options.integrationTimeout) return this.options.integrationTimeout;
    if (!streaming) return BUFFERED_WAIT;
    if (!timeout || timeout.isUnresolved() || timeout.toSeconds() > STREAMED_WAIT.toSeconds()) return STREAMED_WAIT;
    return timeout;
  }

  private makeApi(scope: Construct, integration: apigateway.Integration): Pick<FrontDoorConfig, 'url' | 'restApi'> {
    const { integrationTimeout, domain, api, path, stageName, ...apiProps } = this.options;
    this.checkOwnApi(scope);

    const restApi = new apigateway.RestApi(scope, 'Api', {
      ...apiProps,
      restApiName: apiProps.restApiName ?? scope.node.path.replace(/\//g, '-'),
      endpointTypes: apiProps.endpointTypes ?? (apiProps.endpointConfiguration ? undefined : [apigateway.EndpointType.REGIONAL]),
      // Without it API Gateway turns every binary body into broken text.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
      binaryMediaTypes: apiProps.binaryMediaTypes ?? ['*/*'],
      // CDK's own default sets a role for the whole account and region.
      cloudWatchRole: apiProps.cloudWatchRole ?? false,
    });
    if (apiProps.endpointExportName === undefined) {
      // Said by the app's own `Url` already.
      restApi.node.tryRemoveChild('Endpoint');
    }
    restApi.root.addMethod('ANY', integration);
    restApi.root.addProxy({ defaultIntegration: integration });
    this.openToVpcEndpoints(restApi);

    if (!domain) return { url: restApi.url, restApi };
    this.addDomain(scope, domain, restApi);
    return { url: `https://${domain.name}/`, restApi };
  }

  private checkOwnApi(scope: Construct): void {
    const { binaryMediaTypes, defaultIntegration, deploy, domain, domainName, path, policy, stageName, endpointConfiguration } = this.options;
    const where = scope.node.path;
    if (defaultIntegration) throw new Error(`${where}: defaultIntegration is the app itself; drop it, and add other resources to restApi.root`);
    if (deploy === false) throw new Error(`${where}: deploy: false leaves the app without an address; drop it`);
    if (path !== undefined) throw new Error(`${where}: path ${JSON.stringify(path)} is for an existing api; give that api as well, or drop path`);
    if (stageName !== undefined) throw new Error(`${where}: stageName is for an existing api; use deployOptions: { stageName: ${JSON.stringify(stageName)} }`);
    if (binaryMediaTypes && !cdk.Token.isUnresolved(binaryMediaTypes) && !binaryMediaTypes.includes('*/*')) {
      throw new Error(`${where}: binaryMediaTypes ${JSON.stringify(binaryMediaTypes)} would break the app's other binary bodies; drop it, or add '*/*'`);
    }
    if (domain && domainName) throw new Error(`${where}: domain makes a domain name and its mapping; drop it, or drop domainName`);
    if (!this.isPrivate) return;
    if (domain) throw new Error(`${where}: a private API cannot have a public domain name; drop domain, or the PRIVATE endpoint type`);
    if (!policy && !endpointConfiguration?.vpcEndpoints?.length) {
      throw new Error(`${where}: a private API refuses everyone until its policy names who may call it; `
        + 'give endpointConfiguration.vpcEndpoints, or a policy');
    }
  }

  private get isPrivate(): boolean {
    const { endpointConfiguration, endpointTypes } = this.options;
    return (endpointConfiguration?.types ?? endpointTypes ?? []).includes(apigateway.EndpointType.PRIVATE);
  }

  private openToVpcEndpoints(restApi: apigateway.RestApi): void {
    const { vpcEndpoints } = this.options.endpointConfiguration ?? {};
    if (this.isPrivate && !this.options.policy && vpcEndpoints) restApi.grantInvokeFromVpcEndpointsOnly(vpcEndpoints);
  }

  private addDomain(scope: Construct, domain: FrontDoorDomain, restApi: apigateway.RestApi): void {
    checkDomain(scope, domain);
    const endpointType = (this.options.endpointConfiguration?.types ?? this.options.endpointTypes ?? [])[0] ?? apigateway.EndpointType.REGIONAL;
    const { region } = cdk.Stack.of(scope);
    if (endpointType === apigateway.EndpointType.EDGE && !domain.certificate && region !== 'us-east-1' && !cdk.Token.isUnresolved(region)) {
      throw new Error(`${scope.node.path}: an EDGE endpoint needs a certificate in us-east-1, and this stack is in ${region}; `
        + 'give domain.certificate from there, or drop the EDGE endpoint type');
    }
    const domainName = new apigateway.DomainName(scope, 'DomainName', {
      domainName: domain.name,
      certificate: certificateOf(scope, domain),
      endpointType,
      securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
      mapping: restApi,
    });
    addAliasRecord(scope, domain, new route53Targets.ApiGatewayDomain(domainName));
  }

  private useApi(scope: Construct, api: apigateway.IRestApi, integration: apigateway.Integration): Pick<FrontDoorConfig, 'url' | 'mountPrefix'> {
    refuseSettingsOf(scope, 'api', this.options, ['api', 'path', 'stageName', 'defaultMethodOptions', 'integrationTimeout']);
    const mountPrefix = mountPathOf(scope, this.options.path);
    const url = addToExistingRestApi(scope, api, {
      path: mountPrefix,
      integration,
      methodOptions: this.options.defaultMethodOptions,
      stageName: this.options.stageName,
    });
    return { url, mountPrefix };
  }
}

/** As the CDK's LambdaIntegration, whose permissions would go into the API's stack. */
function integrationOf(handler: lambda.IFunction, streaming: boolean, timeout: cdk.Duration | undefined): apigateway.Integration {
  return new apigateway.AwsIntegration({
    proxy: true,
    service: 'lambda',
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-lambda-configure.html
    path: streaming
      ? `2021-11-15/functions/${handler.functionArn}/response-streaming-invocations`
      : `2015-03-31/functions/${handler.functionArn}/invocations`,
    options: {
      timeout,
      responseTransferMode: streaming ? apigateway.ResponseTransferMode.STREAM : undefined,
    },
  });
}

/**
 * The CDK answers preflight requests with MOCK integrations. As every media type is binary here, API Gateway takes their request for binary,
 * cannot read it as a template and answers 500, unless it is told to make text of it first.
 */
function mendPreflight(scope: Construct): void {
  cdk.Aspects.of(scope).add({
    visit(node) {
      // Not by `instanceof`: with two copies of the CDK in one tree it would say no.
      if (!cdk.CfnResource.isCfnResource(node) || node.cfnResourceType !== apigateway.CfnMethod.CFN_RESOURCE_TYPE_NAME) return;
      const { httpMethod, integration } = node as apigateway.CfnMethod;
      const { type } = cdk.Stack.of(node).resolve(integration) ?? {};
      if (httpMethod === 'OPTIONS' && type === apigateway.IntegrationType.MOCK) node.addPropertyOverride('Integration.ContentHandling', apigateway.ContentHandling.CONVERT_TO_TEXT);
    },
  });
}
