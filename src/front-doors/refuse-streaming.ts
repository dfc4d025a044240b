import { Construct } from 'constructs';
import type { FrontDoorBindOptions, FrontDoorName } from '../front-door';

/** Only Function URLs and REST APIs carry a response while it is being written. */
export function refuseStreaming(scope: Construct, door: FrontDoorName, options: FrontDoorBindOptions): void {
  if (options.responseStreaming) {
    throw new Error(`${scope.node.path}: frontDoor '${door}' cannot stream responses; use 'function-url' or 'rest-api', or drop responseStreaming`);
  }
}
