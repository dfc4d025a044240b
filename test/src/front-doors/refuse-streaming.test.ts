import { WrappedWebApp } from '../../../src';
import { FRONT_DOOR_NAMES } from '../../../src/front-doors/i-front-door';
import { ENTRY, testStack } from '../synthesis';

const BUFFERED = FRONT_DOOR_NAMES.filter(name => name !== 'function-url' && name !== 'rest-api');

test.each(BUFFERED)('%s fails if the app streams', frontDoor => {
  expect(() => new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, frontDoor, responseStreaming: true }))
    .toThrow(`Stack/Web/FrontDoor: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
});

test.each(BUFFERED)('%s fails as a second front door if the app streams', frontDoor => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, responseStreaming: true });
  expect(() => web.addFrontDoor('Internal', frontDoor))
    .toThrow(`Stack/Web/Internal: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
});
