import { Distribution } from './cloudfront';
import { readDistributions } from './cloudfront-resources';
import { FrontDoor } from './front-door';
import { SynthesizedStack } from '../assembly/cloud-assembly';
import { StackTemplate } from '../assembly/stack-template';

/** A distribution that is served. */
export interface ServedDistribution {
  readonly door: FrontDoor;
  readonly template: StackTemplate;
  readonly constructPath: string;
}

/**
 * Finds the distributions that call one of the doors for all paths that have no other origin.
 *
 * @param doors all doors of the cloud assembly
 */
export function findDistributions(stacks: readonly SynthesizedStack[], doors: readonly FrontDoor[]): ServedDistribution[] {
  return stacks.flatMap((stack) => readDistributions(stack, stacks).flatMap((resource) => {
    const called = new Map([...resource.origins].flatMap(([id, { host, port }]) => {
      const door = doors.find(({ address }) => address && address.host === host && (address.port === undefined || address.port === port));
      return door ? [[id, door] as const] : [];
    }));
    return called.has(resource.defaultBehaviour.originId)
      ? [{ door: new Distribution(resource, called), template: stack.template, constructPath: resource.constructPath }] : [];
  }));
}
