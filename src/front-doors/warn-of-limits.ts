import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FrontDoorConfig } from './i-front-door';

/** Warns about settings that fail only with a slow request or with a large body. */
export function warnOfLimits(scope: Construct, id: string, config: FrontDoorConfig, timeout: cdk.Duration, memorySize: number | undefined): void {
  const { door, maxWait, maxBodySize } = config;
  if (maxWait && !maxWait.isUnresolved() && !timeout.isUnresolved() && timeout.toSeconds() > maxWait.toSeconds()) {
    cdk.Annotations.of(scope).addWarningV2(`cdk-wrapped-web-app:timeout:${id}`,
      `the function may run for ${timeout.toSeconds()} s, but its front door '${door}' waits only ${maxWait.toSeconds()} s: a slow request is `
      + 'answered with an error, while the function still runs and costs money; make timeout shorter, or let the front door wait longer');
  }

  // A body is in memory about twenty times: in the event as JSON, mostly as base64, parsed, decoded, and in the app.
  // The runtime and a framework use 100 MB before that.
  const needed = maxBodySize && 100 + 20 * maxBodySize.toMebibytes();
  if (needed !== undefined && memorySize !== undefined && !cdk.Token.isUnresolved(memorySize) && memorySize < needed) {
    cdk.Annotations.of(scope).addWarningV2(`cdk-wrapped-web-app:memory:${id}`,
      `front door '${door}' accepts bodies of ${maxBodySize!.toMebibytes()} MB, for which ${memorySize} MB of memory is not enough; `
      + `set memorySize to at least ${Math.ceil(needed / 64) * 64}`);
  }
}
