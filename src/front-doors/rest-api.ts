import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';

/** Options of an API Gateway REST API. */
export interface RestApiOptions {}

/** `https://<id>.execute-api.<region>.amazonaws.com/prod/`: every path and every method, payload format 1.0. */
export class RestApiFrontDoor implements IFrontDoor {
  constructor(_options: RestApiOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const streaming = options.responseStreaming ?? false;

    const restApi = new apigateway.RestApi(scope, 'Api', {
      restApiName: scope.node.path.replace(/\//g, '-'),
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // Without it API Gateway turns every binary body into broken text.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
      binaryMediaTypes: ['*/*'],
      // CDK's own default sets a role for the whole account and region.
      cloudWatchRole: false,
    });
    // Said by the app's own `Url` already.
    restApi.node.tryRemoveChild('Endpoint');
    const integration = new apigateway.LambdaIntegration(options.handler, {
      // One permission for the API instead of two for each of its methods.
      scopePermissionToMethod: false,
    });
    restApi.root.addMethod('ANY', integration);
    restApi.root.addProxy({ defaultIntegration: integration });

    return {
      door: 'rest-api',
      url: restApi.url,
      responseMode: streaming ? 'streaming' : 'buffered',
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
      maxWait: cdk.Duration.seconds(29),
      restApi,
    };
  }
}
