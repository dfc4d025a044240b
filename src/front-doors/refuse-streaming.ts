import { Construct } from 'constructs';
import { FrontDoorBindOptions, FrontDoorName } from './i-front-door';

/** Throws if the app streams. Only Function URLs and REST APIs can send a response while it is written. */
export function refuseStreaming(scope: Construct, door: FrontDoorName, options: FrontDoorBindOptions): void {
  if (options.responseStreaming) {
    throw new Error(`${scope.node.path}: frontDoor '${door}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  }
}
