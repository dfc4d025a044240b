import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { warnOfRefusedPreflights } from './warn-of-refused-preflights';

/**
 * Makes the CDK's answers to CORS preflight requests work on an API whose binary media types cover every type.
 *
 * The CDK answers with MOCK integrations. On such an API, API Gateway treats a preflight request as binary, cannot read it as a
 * template, and answers 500. It works if API Gateway converts the request to text first.
 */
export function convertPreflightToText(scope: Construct): void {
  cdk.Aspects.of(scope).add({
    visit(node) {
      // Not with `instanceof`: it is false for objects of another copy of the CDK.
      if (!cdk.CfnResource.isCfnResource(node) || node.cfnResourceType !== apigateway.CfnMethod.CFN_RESOURCE_TYPE_NAME) return;
      const { httpMethod, integration } = node as apigateway.CfnMethod;
      const { type } = cdk.Stack.of(node).resolve(integration) ?? {};
      if (httpMethod === 'OPTIONS' && type === apigateway.IntegrationType.MOCK) {
        node.addPropertyOverride('Integration.ContentHandling', apigateway.ContentHandling.CONVERT_TO_TEXT);
      }
    },
  });
}

/** Warns if requests to these methods need credentials, and nothing else answers preflight requests to the same resource. */
export function warnIfPreflightsAreRefused(scope: Construct, methods: apigateway.Method[]): void {
  const areRefused = methods.some(({ node, resource }) => {
    const { authorizationType, apiKeyRequired } = node.defaultChild as apigateway.CfnMethod;
    return (authorizationType !== apigateway.AuthorizationType.NONE || apiKeyRequired === true) && !resource.node.tryFindChild('OPTIONS');
  });
  if (areRefused) warnOfRefusedPreflights(scope, 'set defaultCorsPreflightOptions');
}
