import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';

/**
 * The options of `defaultMethodOptions` that the CDK does not pass on to the methods of an API. All methods of the app share one validator,
 * in the scope of the app.
 */
export function methodOptionsOf(
  scope: Construct,
  restApi: apigateway.IRestApi,
  { requestModels, requestValidator, requestValidatorOptions }: apigateway.MethodOptions = {},
): Pick<apigateway.MethodOptions, 'requestModels' | 'requestValidator' | 'requestValidatorOptions'> {
  if (requestValidator && requestValidatorOptions) {
    throw new Error(`${scope.node.path}: defaultMethodOptions has both requestValidator and requestValidatorOptions; drop one of them`);
  }
  return {
    requestModels,
    requestValidator: requestValidatorOptions
      ? new apigateway.RequestValidator(scope, 'RequestValidator', { ...requestValidatorOptions, restApi })
      : requestValidator,
    requestValidatorOptions: undefined,
  };
}
