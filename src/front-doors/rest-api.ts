import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { addToExistingRestApi } from './existing-rest-api';
import { metricsOfApi } from './front-door-metrics';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from './i-front-door';
import { makeNewRestApi } from './new-rest-api';
import { RestApiOptions } from './rest-api-options';
import { convertPreflightToText } from './rest-api-preflight';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const BUFFERED_WAIT = cdk.Duration.seconds(29);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
const STREAMED_WAIT = cdk.Duration.minutes(15);

/** The limit of Lambda, which is lower than that of API Gateway: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_SIZE = cdk.Size.mebibytes(6);

/** `https://<id>.execute-api.<region>.amazonaws.com/prod/` */
export class RestApiFrontDoor implements IFrontDoor {
  constructor(private readonly options: RestApiOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const streaming = options.responseStreaming ?? false;
    const maxWait = this.waitOf(streaming, options.timeout);
    const integration = integrationOf(options.handler, streaming, streaming ? maxWait : this.options.integrationTimeout);
    convertPreflightToText(scope);
    const bound: Pick<FrontDoorConfig, 'url' | 'mountPrefix' | 'restApi'> = this.options.api
      ? addToExistingRestApi(scope, this.options.api, this.options, integration)
      : makeNewRestApi(scope, this.options, integration);
    options.handler.addPermission('RestApiPermission', {
      scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      // Every stage, method and path of this API, and the test button of the console.
      sourceArn: cdk.Stack.of(scope).formatArn({
        service: 'execute-api',
        resource: (bound.restApi ?? this.options.api!).restApiId,
        resourceName: '*/*/*',
      }),
    });
    const metrics = bound.restApi && metricsOfApi(bound.restApi.deploymentStage);
    return { door: 'rest-api', responseMode: streaming ? 'streaming' : 'buffered', maxWait, maxBodySize: MAX_BODY_SIZE, metrics, ...bound };
  }

  private waitOf(streaming: boolean, timeout: cdk.Duration | undefined): cdk.Duration {
    if (this.options.integrationTimeout) return this.options.integrationTimeout;
    if (!streaming) return BUFFERED_WAIT;
    if (!timeout || timeout.isUnresolved() || timeout.toSeconds() > STREAMED_WAIT.toSeconds()) return STREAMED_WAIT;
    return timeout;
  }
}

/** Like the CDK's LambdaIntegration, which would put the permissions into the stack of the API. */
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
