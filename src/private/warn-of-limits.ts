import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FrontDoorConfig } from '../front-door';

/** Warns of settings with which the app works until it meets a slow request or a large body. */
export function warnOfLimits(scope: Construct, id: string, door: FrontDoorConfig, timeout: cdk.Duration, memorySize: number | undefined): void {
  const { maxWait, maxBodySize } = door;
  if (maxWait && !maxWait.isUnresolved() && !timeout.isUnresolved() && timeout.toSeconds() > maxWait.toSeconds()) {
    cdk.Annotations.of(scope).addWarningV2(`cdk-wrapped-web-app:timeout:${id}`,
      `the function may run for ${timeout.toSeconds()} s, but its front door '${door.door}' waits only ${maxWait.toSeconds()} s: a slow request is `
      + 'answered with an error while the function still runs and is paid for; make timeout shorter, or let the door wait longer');
  }

  // A body comes in JSON, mostly as base64: the event, its parsed form, the decoded bytes and the app's own copy add up to
  // about twenty times its size; the runtime and a framework take 100 MB before that.
  const needed = maxBodySize && 100 + 20 * maxBodySize.toMebibytes();
  if (needed !== undefined && memorySize !== undefined && !cdk.Token.isUnresolved(memorySize) && memorySize < needed) {
    cdk.Annotations.of(scope).addWarningV2(`cdk-wrapped-web-app:memory:${id}`,
      `front door '${door.door}' carries bodies of ${maxBodySize!.toMebibytes()} MB, for which ${memorySize} MB of memory are too little; use at least ${Math.ceil(needed / 64) * 64} MB`);
  }
}
