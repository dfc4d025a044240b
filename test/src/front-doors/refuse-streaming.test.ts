import { WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

test.each(['http-api', 'alb'] as const)('%s fails if the app streams', frontDoor => {
  expect(() => new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, frontDoor, responseStreaming: true }))
    .toThrow(`Stack/Web/FrontDoor: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
});

test.each(['http-api', 'alb'] as const)('%s fails as a second front door if the app streams', frontDoor => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, responseStreaming: true });
  expect(() => web.addFrontDoor('Internal', frontDoor))
    .toThrow(`Stack/Web/Internal: frontDoor '${frontDoor}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
});
