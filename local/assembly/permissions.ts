import { functionArn } from './physical-ids';
import { StackTemplate } from './stack-template';
import { TemplateResource } from './template-resource';
import { matchesWildcards } from './wildcards';

/** A request to invoke a function. */
export interface InvokeRequest {
  /** The ARN that is invoked, with its alias or version if it has one. */
  readonly functionArn: string;
  readonly action: 'lambda:InvokeFunction' | 'lambda:InvokeFunctionUrl';
  /** `*` for everyone, or a service. */
  readonly principal: string;
  /** The ARN of the route or target group that invokes. */
  readonly sourceArn?: string;
  readonly viaFunctionUrl?: boolean;
}

export interface InvokeDecision {
  readonly allowed: boolean;
  /** The permissions that could not be read, and why. */
  readonly unreadable: readonly string[];
}

/**
 * Whether an `AWS::Lambda::Permission` of the cloud assembly allows a door to invoke a function.
 * A permission for the function is not valid for its aliases, and the other way round.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function decideInvoke(template: StackTemplate, request: InvokeRequest): InvokeDecision {
  const unreadable: string[] = [];
  const allowed = template.neighbours.flatMap((neighbour) => neighbour.read(
    'AWS::Lambda::Permission',
    (permission) => allows(permission, template, request),
    (reason) => unreadable.push(reason),
  ));
  return { allowed: allowed.includes(true), unreadable };
}

/** Returns why an AWS service may not invoke a function, undefined if it may. */
export function findServiceRefusal(template: StackTemplate, service: string, invokedArn: string, sourceArn: string): string | undefined {
  const { allowed, unreadable } = decideInvoke(template, { functionArn: invokedArn, action: 'lambda:InvokeFunction', principal: service, sourceArn });
  return allowed ? undefined : [`no AWS::Lambda::Permission allows ${service} to invoke ${invokedArn} from ${sourceArn}`, ...unreadable].join('; ');
}

/** Reads SourceArn last: permissions for other services often have one that cannot be resolved. */
function allows(permission: TemplateResource, template: StackTemplate, request: InvokeRequest): boolean {
  const principal = String(permission.value('Principal'));
  if (principal !== '*' && principal !== request.principal) return false;
  if (!matchesWildcards(String(permission.value('Action')), request.action)) return false;
  if (toFunctionArn(template, String(permission.value('FunctionName'))) !== request.functionArn) return false;
  if (permission.value('FunctionUrlAuthType') !== undefined && request.action !== 'lambda:InvokeFunctionUrl') return false;
  if (String(permission.value('InvokedViaFunctionUrl')) === 'true' && !request.viaFunctionUrl) return false;
  const sourceArn = permission.id('SourceArn');
  return sourceArn === undefined || (request.sourceArn !== undefined && matchesWildcards(sourceArn, request.sourceArn));
}

/** A permission names its function by name, name:alias or ARN. */
function toFunctionArn(template: StackTemplate, functionName: string): string {
  return functionName.startsWith('arn:') ? functionName : functionArn(template, functionName);
}
