import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/**
 * Tells the runtime what CloudFront does not pass on, and replaces what a visitor wrote into these headers.
 *
 * CloudFront redirects HTTP before it calls the function, so the scheme is always the same.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
const CODE = `function handler(event) {
  var request = event.request;
  request.headers['x-wrapped-web-app-viewer-host'] = { value: request.headers.host.value };
  request.headers['x-wrapped-web-app-viewer-address'] = { value: event.viewer.ip };
  request.headers['x-wrapped-web-app-viewer-proto'] = { value: 'https' };
  return request;
}
`;

/** Makes the function that CloudFront calls for each request to the app. */
export function makeViewerRequest(scope: Construct): cloudfront.Function {
  return new cloudfront.Function(scope, 'ViewerRequest', {
    comment: 'Tells the app the host and the address of the visitor',
    runtime: cloudfront.FunctionRuntime.JS_2_0,
    code: cloudfront.FunctionCode.fromInline(CODE),
  });
}
