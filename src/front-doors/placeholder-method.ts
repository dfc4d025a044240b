import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';

/**
 * Adds a method that answers 404 to an API that has no methods in its own stack at synth. AWS refuses to deploy an API without methods,
 * and the methods of apps in other stacks do not exist yet when the stack of the API is deployed.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
 */
export function addPlaceholderMethod(api: apigateway.IRestApi): void {
  const { methods } = api as Partial<apigateway.RestApi>;
  // An imported API, or one that is made from an OpenAPI definition, has its methods elsewhere.
  if (!methods) return;
  cdk.Aspects.of(api).add({
    visit(node) {
      if (node !== api || methods.length > 0) return;
      api.root.addResource('_placeholder').addMethod('GET', new apigateway.MockIntegration({
        contentHandling: apigateway.ContentHandling.CONVERT_TO_TEXT,
        requestTemplates: { 'application/json': '{"statusCode": 404}' },
        integrationResponses: [{ statusCode: '404' }],
      }), { methodResponses: [{ statusCode: '404' }] });
    },
  });
}
