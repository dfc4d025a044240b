import { Duration } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from 'cdk-wrapped-web-app';
import { Construct } from 'constructs';

/** CloudFront before a Function URL that only CloudFront may call. Read the limits in this example's README first. */
export class CloudFrontBeforeFunctionUrl implements IFrontDoor {
  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const { handler, responseStreaming = false } = options;

    // A function can have one URL only. Its logical ID stays the same when the app changes to this front door or back.
    const functionUrl = handler.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.AWS_IAM,
      invokeMode: responseStreaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED,
    });
    const distribution = new cloudfront.Distribution(scope, 'Distribution', {
      defaultBehavior: {
        origin: FunctionUrlOrigin.withOriginAccessControl(functionUrl),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        // Each request reaches the app. Choose what else makes a page the same before you let CloudFront keep any: it ignores `Vary`,
        // and a policy that has the Host header in its key would pass on the visitor's.
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        // A Function URL is found by its host name, so that CloudFront cannot pass on the visitor's.
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        functionAssociations: [{ eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: hostKeeper(scope) }],
      },
    });
    // The origin itself adds lambda:InvokeFunctionUrl. URLs made since October 2025 ask for both.
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    handler.addPermission('CloudFront', {
      scope,
      principal: new iam.ServicePrincipal('cloudfront.amazonaws.com'),
      action: 'lambda:InvokeFunction',
      sourceArn: distribution.distributionArn,
      invokedViaFunctionUrl: true,
    });

    return {
      // CloudFront hands on the events of the Function URL.
      door: 'function-url',
      url: `https://${distribution.distributionDomainName}/`,
      responseMode: responseStreaming ? 'streaming' : 'buffered',
      // CloudFront's own default: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
      maxWait: Duration.seconds(30),
      functionUrl,
    };
  }
}

/** Tells the app, in another header, the host that the visitor asked for. */
function hostKeeper(scope: Construct): cloudfront.Function {
  return new cloudfront.Function(scope, 'HostKeeper', {
    runtime: cloudfront.FunctionRuntime.JS_2_0,
    code: cloudfront.FunctionCode.fromInline(
      "function handler(event) { event.request.headers['x-forwarded-host'] = event.request.headers.host; return event.request; }",
    ),
  });
}
