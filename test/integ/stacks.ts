import * as cdk from 'aws-cdk-lib';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { FRONT_DOOR_NAMES } from '../../src/front-doors/i-front-door';
import { scratchFolder } from '../src/synthesis';

/** The stacks of `integ/`: one for each front door, one with everything, and one with CloudFront before each. */
export const STACKS = [...FRONT_DOOR_NAMES, 'everything', 'cloudfront'] as const;

/** Synthesizes `integ/integ.<name>.ts` like the CDK CLI, into a new folder. `before` is called with the app before synth. */
export function synthesize(name: string, before: (app: cdk.App) => void = () => {}): cxapi.CloudAssembly {
  process.env.CDK_OUTDIR = scratchFolder();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { app } = require(`../../integ/integ.${name}`) as { app: cdk.App };
  before(app);
  return app.synth();
}

/** Synthesizes again, with another release of the app. */
export function synthesizeRelease(name: string, release: string): cxapi.CloudAssembly {
  process.env.RELEASE = release;
  let assembly!: cxapi.CloudAssembly;
  jest.isolateModules(() => {
    assembly = synthesize(name);
  });
  return assembly;
}
