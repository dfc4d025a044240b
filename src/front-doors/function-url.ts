import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';

/** Options of a Lambda Function URL: the CDK's own, with one other default: `authType` is NONE. */
export interface FunctionUrlOptions extends lambda.FunctionUrlOptions {}

/** `https://<id>.lambda-url.<region>.on.aws/`, open to the internet unless `authType` says otherwise. */
export class FunctionUrlFrontDoor implements IFrontDoor {
  constructor(private readonly options: FunctionUrlOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const streaming = options.responseStreaming ?? false;
    const invokeMode = streaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED;
    if (this.options.invokeMode !== undefined && this.options.invokeMode !== invokeMode) {
      throw new Error(`${scope.node.path}: invokeMode ${this.options.invokeMode} contradicts responseStreaming: ${streaming}; `
        + 'drop invokeMode and set responseStreaming on the app');
    }

    // NONE makes this door as open as the other three, and CDK then adds both permissions that a public URL needs.
    const functionUrl = new lambda.FunctionUrl(scope, 'Url', {
      authType: lambda.FunctionUrlAuthType.NONE,
      ...this.options,
      function: options.handler,
      invokeMode,
    });
    return {
      door: 'function-url',
      url: functionUrl.url,
      responseMode: streaming ? 'streaming' : 'buffered',
      functionUrl,
    };
  }
}
