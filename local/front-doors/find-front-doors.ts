import { findLoadBalancers } from './alb';
import { FrontDoor, FrontDoorName } from './front-door';
import { findFunctionUrls } from './function-url';
import { findHttpApis } from './http-api';
import { findRestApis } from './rest-api';
import { StackTemplate } from '../assembly/stack-template';
import { WebAppFunction } from '../assembly/web-app-functions';

/** How the front doors of each kind are found in a template. They are served in this order. */
export const FRONT_DOOR_FINDERS: Readonly<Record<FrontDoorName, (template: StackTemplate, webApps: readonly WebAppFunction[]) => FrontDoor[]>> = {
  'function-url': findFunctionUrls,
  'http-api': findHttpApis,
  'rest-api': findRestApis,
  'alb': findLoadBalancers,
};

/** Finds the front doors in a template that reach one of the functions. */
export function findFrontDoors(template: StackTemplate, webApps: readonly WebAppFunction[]): FrontDoor[] {
  return Object.values(FRONT_DOOR_FINDERS).flatMap((find) => find(template, webApps));
}
