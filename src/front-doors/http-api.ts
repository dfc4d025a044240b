import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { addToExistingHttpApi } from './existing-http-api';
import { metricsOfApi } from './front-door-metrics';
import { HttpApiOptions } from './http-api-options';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from './i-front-door';
import { makeNewHttpApi } from './new-http-api';
import { refuseStreaming } from './refuse-streaming';

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
      ? addToExistingHttpApi(scope, this.options.api, this.options, integration)
      : makeNewHttpApi(scope, this.options, integration);
    const metrics = 'httpApi' in bound ? metricsOfApi(bound.httpApi) : undefined;
    return { door: 'http-api', responseMode: 'buffered', maxWait: MAX_WAIT, maxBodySize: MAX_BODY_SIZE, metrics, ...bound };
  }
}
