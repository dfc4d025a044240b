import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-door';

/**
 * Options of a Lambda Function URL: the CDK's own.
 *
 * `authType` is NONE by default: the URL is as open as the other doors. `invokeMode` follows the app's `responseStreaming`.
 * With `cors`, Lambda answers preflight requests itself and puts its CORS headers in the place of the app's; without it they
 * go to the app.
 */
export interface FunctionUrlOptions extends lambda.FunctionUrlOptions {}

/** The functions and aliases that have one. */
const taken = new WeakSet<lambda.IFunction>();

/** `https://<id>.lambda-url.<region>.on.aws/` */
export class FunctionUrlFrontDoor implements IFrontDoor {
  constructor(private readonly options: FunctionUrlOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    if ('domain' in this.options) {
      throw new Error(`${scope.node.path}: a Function URL cannot have a domain name of its own; `
        + 'use FrontDoor.httpApi, restApi or alb with the domain, or put CloudFront before the Function URL');
    }
    if (taken.has(options.handler)) {
      throw new Error(`${scope.node.path}: a function can have one Function URL only, and this one has it already; use another front door`);
    }
    taken.add(options.handler);
    const streaming = options.responseStreaming ?? false;
    const invokeMode = streaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED;
    if (this.options.invokeMode !== undefined && this.options.invokeMode !== invokeMode) {
      throw new Error(`${scope.node.path}: invokeMode ${this.options.invokeMode} contradicts responseStreaming: ${streaming}; `
        + 'drop invokeMode and set responseStreaming on the app');
    }

    // NONE makes this door as open as the other three, and CDK then adds both permissions that a public URL needs.
    const functionUrl = new lambda.FunctionUrl(scope, 'Url', {
      ...this.options,
      authType: this.options.authType ?? lambda.FunctionUrlAuthType.NONE,
      function: options.handler,
      invokeMode,
    });
    return {
      door: 'function-url',
      url: functionUrl.url,
      responseMode: streaming ? 'streaming' : 'buffered',
      // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
      maxBodySize: cdk.Size.mebibytes(6),
      functionUrl,
    };
  }
}
