import { TemplateJson } from '../../../local/assembly/stack-template';
import { stackTemplate } from '../fixtures/template';

test('fails on a Systems Manager parameter, whose default is only a name', () => {
  const template = stackTemplate({
    Parameters: { Ami: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/aws/name' } },
    Resources: { Tested: { Type: 'Test::Resource', Properties: { Value: { Ref: 'Ami' } } } },
  });
  expect(template.read('Test::Resource', (resource) => resource.value('Value'))).toEqual([]);
  expect([...template.leftOut]).toEqual([
    'Stack/Tested: cannot resolve Value from the template, got {"Ref":"Ami"}: CloudFormation looks parameter \'Ami\' up in Systems Manager at the deployment',
  ]);
});

test('an unresolved value is ignored if it is not read', () => {
  const template = stackTemplate({ Resources: { Tested: { Type: 'Test::Resource', Properties: { Value: [{ a: { Ref: 'Unset' }, b: 2 }] } } } });
  expect(template.read('Test::Resource', (resource) => resource.value('Value.0.b'))).toEqual([2]);
  expect(template.read('Test::Resource', (resource) => resource.list('Value').map((element) => element.value('b')))).toEqual([[2]]);
  expect([...template.leftOut]).toEqual([]);
});

test('a stand-in contains resolved names, and fails when a name is unresolved', () => {
  const json: TemplateJson = {
    Parameters: { Stage: { Type: 'String', Default: 'prod' }, Unset: { Type: 'String' } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: {
      Named: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { 'Fn::If': ['IsProd', 'live-app', 'test-app'] } } },
      Unnamed: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { Ref: 'Unset' } } },
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Named' }, Name: { 'Fn::Sub': '${Stage}' } } },
    },
  };
  const template = stackTemplate(json);
  expect([template.ref('Named'), template.ref('Alias')]).toEqual(['live-app', 'arn:aws:lambda:us-west-2:910345601053:function:live-app:prod']);
  expect(() => template.attribute('Unnamed', 'Arn')).toThrow(
    'Stack/Unnamed: cannot resolve Arn from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one');
});
