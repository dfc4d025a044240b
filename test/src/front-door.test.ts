import { Template } from 'aws-cdk-lib/assertions';
import { doorsOf, ENTRY, testStack } from './synthesis';
import { FrontDoorName, WrappedWebApp } from '../../src';
import { frontDoorOf } from '../../src/front-door';
import { FRONT_DOOR_NAMES } from '../../src/front-doors/i-front-door';

test.each(FRONT_DOOR_NAMES)('the name %s means that front door', frontDoor => {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor });
  expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: frontDoor, responseMode: 'buffered' }]);
});

test('fails for another name', () => {
  expect(() => new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, frontDoor: 'cloudfrunt' as FrontDoorName }))
    .toThrow(`Stack/Web: frontDoor must be one of ${FRONT_DOOR_NAMES.join(', ')} or a FrontDoor, got "cloudfrunt"`);
});

test('fails for another name of a second front door', () => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
  expect(() => web.addFrontDoor('Other', 'cloudfront' as FrontDoorName)).toThrow('Stack/Web: frontDoor must be one of');
});

test.each(FRONT_DOOR_NAMES)('one %s object can be used for two apps', name => {
  const stack = testStack();
  const frontDoor = frontDoorOf(stack, name);
  const urls = ['One', 'Two'].map(id => new WrappedWebApp(stack, id, { entry: ENTRY, frontDoor }).url);
  expect(stack.resolve(urls[0])).not.toEqual(stack.resolve(urls[1]));
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});
