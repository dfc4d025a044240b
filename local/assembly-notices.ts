import { SynthesizedStack } from './assembly/cloud-assembly';
import { StackOutputs } from './assembly/outputs-file';
import { StackTemplate } from './assembly/stack-template';
import { WebAppFunction } from './assembly/web-app-functions';
import { FrontDoor } from './front-doors/front-door';
import { findUnservedFeatures } from './unserved-features';

/** A front door of the cloud assembly, and whether one of the chosen apps is behind it. */
export interface PreparedDoor {
  readonly door: FrontDoor;
  readonly template: StackTemplate;
  readonly isServed: boolean;
  /** Of the resource that is the door, if it is one. */
  readonly constructPath?: string;
}

export interface AssemblyFacts {
  readonly stacks: readonly SynthesizedStack[];
  readonly doors: readonly PreparedDoor[];
  readonly chosen: readonly WebAppFunction[];
  /** Why apps cannot be invoked. */
  readonly problems: readonly string[];
  readonly outputs?: StackOutputs;
}

/** What the user should know of a cloud assembly that is served: what is missing, left out, or not done here. */
export function noticesOf({ stacks, doors, chosen, problems, outputs = {} }: AssemblyFacts): string[] {
  const unreachable = chosen.filter((webApp) => !doors.some(({ door }) => door.entrances.some((entrance) => entrance.webApp === webApp)));
  const served = doors.filter(({ isServed }) => isServed);
  const templates = new Set(served.map(({ template }) => template));
  const stackNames = stacks.map(({ template }) => template.stackName);
  const hasForeignOutputs = Object.keys(outputs).length > 0 && !stackNames.some((name) => name in outputs);
  return [
    ...(hasForeignOutputs ? [`the outputs file has no stack of this cloud assembly: it has ${Object.keys(outputs).join(', ')}, and the assembly has ${stackNames.join(', ')}`] : []),
    ...problems,
    ...leftOutOf(stacks),
    ...unreachable.map(({ appPath, arn }) => `${appPath} has no front door in its template: no Function URL, HTTP API, REST API or load balancer invokes ${arn}`),
    ...findUnservedFeatures([...templates], served.flatMap(({ constructPath }) => constructPath ?? [])),
    ...served.flatMap(({ door, constructPath }) => (door.differences ?? []).map((difference) => `unlike on AWS, ${difference} (${constructPath})`)),
  ];
}

export function renderNothingToServe(assembly: string, stacks: readonly SynthesizedStack[]): string {
  const paths = stacks.map((stack) => stack.path).join(', ') || 'its stacks (there are none)';
  return [`${assembly} has no wrapped web app: no function with the variable WRAPPED_WEB_APP_DOORS in ${paths}`, ...leftOutOf(stacks)].join('\n');
}

/** The resources that are not served, since values cannot be resolved. */
function leftOutOf(stacks: readonly SynthesizedStack[]): string[] {
  return stacks.flatMap(({ template }) => [...template.leftOut]).map((message) => `left out: ${message}`);
}
