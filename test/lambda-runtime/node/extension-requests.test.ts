/** What the app sees of the runtime's own requests to Lambda, on AWS's runtime client. */
import { join } from 'node:path';
import { eventFor } from './behaviours/doors';
import { bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const OBSERVER = join(__dirname, 'runtime-client/apps/observes-requests.cjs');
const bundle = bundlesOf([OBSERVER]).get(OBSERVER)!;

test.each(installedNodes())('a library that traces the requests of the app does not see those of the extension, on Node $version', async ({ binary }) => {
  const environment = await Environment.of(binary, bundle, { WRAPPED_WEB_APP_OPTIONS: '{"backgroundWork":true}' });
  try {
    for (let i = 0; i < 2; i++) {
      expect((await environment.invoke(eventFor('function-url'))).json.body).toBe('answered');
    }
    expect(await environment.settledLog()).toEqual([]);
  } finally {
    environment.close();
  }
}, INSTALLATION_TIME);
