import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as cxapi from 'aws-cdk-lib/cx-api';

/** The stacks of `integ/`: one for each front door, and one with everything. */
export const STACKS = ['function-url', 'http-api', 'rest-api', 'alb', 'everything'] as const;

/** Synthesizes `integ/integ.<name>.ts` as the CDK CLI would, into a new folder. */
export function synthesize(name: string, env: { RELEASE?: string } = {}): cxapi.CloudAssembly {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_VALIDATION: 'false', CDK_OUTDIR: mkdtempSync(path.join(tmpdir(), 'integ-')), ...env });
  try {
    let app!: cdk.App;
    // Each reads the environment anew.
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      ({ app } = require(`../../integ/integ.${name}`));
    });
    return app.synth();
  } finally {
    process.env = before;
  }
}
