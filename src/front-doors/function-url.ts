import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { constructOf, identityOf, resourcesOf } from './find-resources';
import { metricsOfFunctionUrl } from './front-door-metrics';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from './i-front-door';
import { PublicUrlOptions, publicUrlOf } from './public-url';

/**
 * Options of a Lambda Function URL: the CDK's own, and the address of the app.
 *
 * `authType` is NONE by default, so everyone can call the URL, as with the other front doors. `invokeMode` follows the app's
 * `responseStreaming`. With `cors`, Lambda answers CORS preflight requests itself and replaces the CORS headers of the app; without it
 * preflight requests go to the app.
 */
export interface FunctionUrlOptions extends lambda.FunctionUrlOptions, PublicUrlOptions {}

/** `https://<id>.lambda-url.<region>.on.aws/` */
export class FunctionUrlFrontDoor implements IFrontDoor {
  constructor(private readonly options: FunctionUrlOptions) {}

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    if ('domain' in this.options) {
      throw new Error(`${scope.node.path}: a Function URL cannot have your own domain name; `
        + 'use FrontDoor.httpApi, restApi or alb with the domain, or put CloudFront in front of the Function URL');
    }
    refuseSecondFunctionUrl(scope, options.handler);
    const { publicUrl, ...urlOptions } = this.options;
    const streaming = options.responseStreaming ?? false;
    const invokeMode = streaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED;
    if (this.options.invokeMode !== undefined && this.options.invokeMode !== invokeMode) {
      throw new Error(`${scope.node.path}: invokeMode ${this.options.invokeMode} contradicts responseStreaming: ${streaming}; `
        + 'drop invokeMode and set responseStreaming on the app');
    }

    // With NONE everyone can call the URL, as with the other front doors. The CDK then adds both permissions that a public URL needs.
    // The scope of the URL is the function and not the front door, because AWS allows one URL for each function: its logical ID is the
    // same whichever front door makes it.
    const functionUrl = options.handler.addFunctionUrl({
      ...urlOptions,
      authType: this.options.authType ?? lambda.FunctionUrlAuthType.NONE,
      invokeMode,
    });
    return {
      door: 'function-url',
      url: publicUrlOf(scope, this.options) ?? functionUrl.url,
      responseMode: streaming ? 'streaming' : 'buffered',
      // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
      maxBodySize: cdk.Size.mebibytes(6),
      functionUrl,
      metrics: metricsOfFunctionUrl(options.handler),
    };
  }
}

/** The CDK fails as well, but with a message that does not say why. It does not fail for every `authType`. */
function refuseSecondFunctionUrl(scope: Construct, handler: lambda.IFunction): void {
  const { version, aliasName } = handler as Partial<lambda.IAlias>;
  const { functionArn } = version?.lambda ?? handler;
  const other = resourcesOf(scope, lambda.CfnUrl.CFN_RESOURCE_TYPE_NAME).find(resource => {
    const url = resource as lambda.CfnUrl;
    return identityOf(url.targetFunctionArn, url) === identityOf(functionArn, url) && identityOf(url.qualifier, url) === identityOf(aliasName, url);
  });
  if (other) {
    throw new Error(`${scope.node.path}: a function or an alias can have only one Function URL, and ${handler.node.path} already has `
      + `${constructOf(other)}; use another front door`);
  }
}
