import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';
import { refuseStreaming } from './refuse-streaming';

/** Options of an API Gateway HTTP API. */
export interface HttpApiOptions {}

/** `https://<id>.execute-api.<region>.amazonaws.com/`: one `$default` route, payload format 2.0. */
export class HttpApiFrontDoor implements IFrontDoor {
  constructor(_options: HttpApiOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    refuseStreaming(scope, 'http-api', options);

    const httpApi = new apigwv2.HttpApi(scope, 'Api', {
      apiName: scope.node.path.replace(/\//g, '-'),
      defaultIntegration: new HttpLambdaIntegration('Integration', options.handler, {
        payloadFormatVersion: apigwv2.PayloadFormatVersion.VERSION_2_0,
      }),
    });
    return {
      door: 'http-api',
      url: httpApi.url!,
      responseMode: 'buffered',
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
      maxWait: cdk.Duration.seconds(30),
      httpApi,
    };
  }
}
