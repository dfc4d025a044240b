import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { FrontDoor, RestApiOptions, WrappedWebApp } from '../../../src';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from '../synthesis';

const sharedIn = (stack: cdk.Stack) => {
  const api = new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
  api.root.addMethod('GET');
  return api;
};
const PLACES: [string, (stack: cdk.Stack) => RestApiOptions][] = [
  ['a new API', () => ({})],
  ['an existing API', stack => ({ api: sharedIn(stack), path: '/app' })],
  ['an existing API in another stack', stack => ({ api: sharedIn(new cdk.Stack(stack.node.root as cdk.App, 'Other')), path: '/app' })],
];

function methodsOf(optionsIn: (stack: cdk.Stack) => RestApiOptions, defaultMethodOptions: apigateway.MethodOptions, stack = testStack()) {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ ...optionsIn(stack), defaultMethodOptions }) });
  const template = Template.fromStack(stack);
  const methods = Object.entries(template.findResources('AWS::ApiGateway::Method')).filter(([id]) => id.startsWith('Web')).map(([, { Properties }]) => Properties);
  expect(methods).toHaveLength(2);
  return { template, methods };
}

describe.each(PLACES)('on %s', (_, optionsIn) => {
  test('requestValidatorOptions make one validator for both methods, with every feature flag', () => {
    jest.spyOn(console, 'error').mockImplementation();
    const ids = [{}, RECOMMENDED_FLAGS].map(flags => {
      const { template, methods } = methodsOf(optionsIn, {
        requestParameters: { 'method.request.header.x-key': true }, requestValidatorOptions: { validateRequestParameters: true },
      }, testStack(flags));
      const [[id, { Properties }], ...more] = Object.entries(template.findResources('AWS::ApiGateway::RequestValidator'));
      expect(more).toEqual([]);
      expect(Properties).toMatchObject({ ValidateRequestParameters: true });
      for (const { RequestValidatorId, RequestParameters } of methods) {
        expect([RequestValidatorId, RequestParameters]).toEqual([{ Ref: id }, { 'method.request.header.x-key': true }]);
      }
      return id;
    });
    expect(ids[0]).toBe(ids[1]);
  });

  test('requestValidator and requestModels apply to both methods', () => {
    const stack = testStack();
    const restApi = apigateway.RestApi.fromRestApiId(stack, 'Imported', 'abc123');
    const { methods } = methodsOf(optionsIn, {
      requestValidator: apigateway.RequestValidator.fromRequestValidatorId(restApi, 'Validator', 'def456'),
      requestModels: { 'application/json': apigateway.Model.ERROR_MODEL },
    }, stack);
    for (const { RequestValidatorId, RequestModels } of methods) expect([RequestValidatorId, RequestModels]).toEqual(['def456', { 'application/json': 'Error' }]);
  });

  test('fails with both requestValidator and requestValidatorOptions', () => {
    const stack = testStack();
    const requestValidator = apigateway.RequestValidator.fromRequestValidatorId(stack, 'Validator', 'def456');
    expect(() => methodsOf(optionsIn, { requestValidator, requestValidatorOptions: {} }, stack)).toThrow(
      'Stack/Web/FrontDoor: defaultMethodOptions has both requestValidator and requestValidatorOptions; drop one of them');
  });
});
