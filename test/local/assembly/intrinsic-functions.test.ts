import { StackTemplate, TemplateJson } from '../../../local/assembly/stack-template';
import { stackTemplate } from '../fixtures/template';

function templateWith(resource: { Condition?: string; Properties: object }, rest: TemplateJson): StackTemplate {
  return stackTemplate({ ...rest, Resources: { ...rest.Resources, Tested: { Type: 'Test::Resource', ...resource } } });
}

function valuesIn(template: StackTemplate): unknown[] {
  return template.read('Test::Resource', (resource) => ({ value: resource.value('Value') })).map(({ value }) => value);
}

const PARAMETERS = { Stage: { Type: 'String', Default: 'prod' }, Unset: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList', Default: 'a, b' } };
const CONDITIONS = {
  IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
  IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] },
  Unknown: { 'Fn::Equals': [{ Ref: 'Unset' }, 'x'] },
  Both: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-2'] }] },
  OneIsFalse: { 'Fn::And': [{ Condition: 'Unknown' }, { Condition: 'IsTest' }] },
  OneIsTrue: { 'Fn::Or': [{ Condition: 'Unknown' }, { Condition: 'IsProd' }] },
  NoneIsTrue: { 'Fn::Or': [{ Condition: 'IsTest' }, { 'Fn::Equals': ['1', '2'] }] },
  Number: { 'Fn::Equals': [1, '1'] },
  Undecided: { 'Fn::And': [{ Condition: 'Unknown' }, { Condition: 'IsProd' }] },
};
const REST: TemplateJson = {
  Parameters: PARAMETERS,
  Conditions: CONDITIONS,
  Mappings: { Sizes: { prod: { memory: 2048 } } },
};

test.each<[string, unknown, unknown]>([
  ['a parameter with a default', { Ref: 'Stage' }, 'prod'],
  ['a parameter that is a list', { Ref: 'Zones' }, ['a', 'b']],
  ['pseudo parameters', { 'Fn::Sub': '${AWS::StackName} ${AWS::Region} ${AWS::AccountId} ${!AWS::Region}' }, 'Stack us-west-2 910345601053 ${AWS::Region}'],
  ['Fn::Sub with variables', { 'Fn::Sub': ['${A}-${Stage}', { A: { Ref: 'AWS::Partition' } }] }, 'aws-prod'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-prod'],
  ['Fn::Join of a list parameter', { 'Fn::Join': ['+', { Ref: 'Zones' }] }, 'a+b'],
  ['Fn::Split and Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': ['.', 'a.b.c'] }] }, 'b'],
  ['the ID in the stack\'s ARN', { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }, 'Stack'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 2048],
  ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'test', 'memory', { DefaultValue: { Ref: 'Stage' } }] }, 'prod'],
  ['Fn::Base64', { 'Fn::Base64': { Ref: 'Stage' } }, 'cHJvZA=='],
  ['Fn::If whose condition is true', { 'Fn::If': ['IsProd', 'yes', { Ref: 'Unset' }] }, 'yes'],
  ['Fn::If whose condition is false', { 'Fn::If': ['IsTest', { Ref: 'Unset' }, 'no'] }, 'no'],
  ['Fn::If within Fn::If', { 'Fn::If': ['IsTest', '', { 'Fn::If': ['Both', 'inner', ''] }] }, 'inner'],
  ['a property that is AWS::NoValue', { a: 1, b: { 'Fn::If': ['IsProd', { Ref: 'AWS::NoValue' }, 2] } }, { a: 1 }],
  ['an element that is AWS::NoValue', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
])('%s is resolved', (_, value, expected) => {
  expect(valuesIn(templateWith({ Properties: { Value: value } }, REST))).toEqual([expected]);
});

test.each<[string, boolean]>([
  ['IsProd', true], ['IsTest', false], ['Both', true], ['OneIsFalse', false], ['OneIsTrue', true], ['NoneIsTrue', false], ['Number', true],
])('condition %s is %s', (Condition, expected) => {
  const template = templateWith({ Condition, Properties: { Value: 1 } }, REST);
  expect(valuesIn(template)).toEqual(expected ? [1] : []);
  expect([...template.leftOut]).toEqual([]);
});

test('a resource with an unresolved condition is left out and reported', () => {
  const template = templateWith({ Condition: 'Undecided', Properties: { Value: 1 } }, REST);
  expect(valuesIn(template)).toEqual([]);
  expect([...template.leftOut]).toEqual([
    'Stack/Tested: cannot resolve Condition from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one',
  ]);
});

test.each<[string, unknown, string]>([
  ['a parameter without a default', { Ref: 'Unset' }, 'Value from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one'],
  ['a part of a text', { 'Fn::Join': ['', ['arn:', { Ref: 'Unset' }]] }, 'Value from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one'],
  ['a part of Fn::Sub', { 'Fn::Sub': 'x-${Unset}' }, 'Value from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one'],
  ['a nested property', { a: [{ b: { Ref: 'Unset' } }] }, 'Value.a.0.b from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one'],
  ['a branch of an unknown condition', { 'Fn::If': ['Unknown', 1, 2] }, 'Value from the template, got {"Ref":"Unset"}: parameter \'Unset\' has no default; give it one'],
  ['a condition that is missing', { 'Fn::If': ['Missing', 1, 2] }, 'Value from the template, got {"Condition":"Missing"}: the template has no condition \'Missing\''],
  ['an unknown reference', { Ref: 'Nothing' }, 'Value from the template, got {"Ref":"Nothing"}: the template has no parameter or resource \'Nothing\''],
  ['an attribute without a stand-in', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'Value from the template, got {"Fn::GetAtt":["Bucket","Arn"]}: this attribute of an AWS::S3::Bucket exists only after a deployment'],
  ['a resource that does not exist', { Ref: 'TestBucket' }, 'Value from the template, got {"Ref":"TestBucket"}: resource \'TestBucket\' does not exist, since its condition \'IsTest\' is false'],
  ['an import from elsewhere', { 'Fn::ImportValue': 'Elsewhere' }, 'Value from the template, got {"Fn::ImportValue":"Elsewhere"}: no stack of this cloud assembly exports it'],
  ['a value of a mapping', { 'Fn::FindInMap': ['Sizes', 'test', 'memory'] }, 'Value from the template, got {"Fn::FindInMap":["Sizes","test","memory"]}: the template\'s mappings do not have it'],
  ['an element beyond the end', { 'Fn::Select': [5, ['a']] }, 'Value from the template, got {"Fn::Select":[5,["a"]]}: it has no result'],
  ['a function that is not evaluated', { 'Fn::Cidr': ['10.0.0.0/16', 1] }, 'Value from the template, got {"Fn::Cidr":["10.0.0.0/16",1]}: Fn::Cidr is not evaluated here'],
  ['a dynamic reference', '{{resolve:ssm:/name}}', 'Value from the template, got "{{resolve:ssm:/name}}": CloudFormation looks this up at the deployment'],
])('fails on %s and reports it', (_, value, expected) => {
  const resources = { Bucket: { Type: 'AWS::S3::Bucket' }, TestBucket: { Type: 'AWS::S3::Bucket', Condition: 'IsTest' } };
  const template = templateWith({ Properties: { Value: value } }, { ...REST, Resources: resources });
  expect(valuesIn(template)).toEqual([]);
  expect([...template.leftOut]).toEqual([`Stack/Tested: cannot resolve ${expected}`]);
});
