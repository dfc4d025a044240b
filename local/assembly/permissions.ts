import { functionArn } from './physical-ids';
import { StackTemplate } from './stack-template';
import { TemplateValue } from './template-value';
import { UnresolvedValueError } from './unresolved-value';
import { matchesWildcards } from './wildcards';

/** Who wants to invoke what. */
export interface InvokeRequest {
  /** The ARN that is invoked, with its alias or version if it has one. */
  readonly functionArn: string;
  readonly action: 'lambda:InvokeFunction' | 'lambda:InvokeFunctionUrl';
  /** `*` for anyone, else the service. */
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
 * A permission for the function does not count for its aliases, nor the other way round.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function decideInvoke(template: StackTemplate, request: InvokeRequest): InvokeDecision {
  const unreadable: string[] = [];
  const allowing = template.neighbours.flatMap((neighbour) => neighbour.read('AWS::Lambda::Permission', (permission) => {
    try {
      return allows(permission, template, request) || undefined;
    } catch (error) {
      if (!(error instanceof UnresolvedValueError)) throw error;
      unreadable.push(error.message);
      return undefined;
    }
  }));
  return { allowed: allowing.length > 0, unreadable };
}

/** Why an AWS service may not invoke a function. */
export function findServiceRefusal(template: StackTemplate, service: string, invokedArn: string, sourceArn: string): string | undefined {
  const { allowed, unreadable } = decideInvoke(template, { functionArn: invokedArn, action: 'lambda:InvokeFunction', principal: service, sourceArn });
  return allowed ? undefined : [`no AWS::Lambda::Permission allows ${service} to invoke ${invokedArn} from ${sourceArn}`, ...unreadable].join('; ');
}

/** What only few permissions differ in is read last, since it may be unresolved in those for other services. */
function allows(permission: TemplateValue, template: StackTemplate, request: InvokeRequest): boolean {
  const principal = String(permission.value('Principal'));
  if (principal !== '*' && principal !== request.principal) return false;
  if (!matchesWildcards(String(permission.value('Action')), request.action)) return false;
  if (toFunctionArn(template, String(permission.value('FunctionName'))) !== request.functionArn) return false;
  if (permission.value('FunctionUrlAuthType') !== undefined && request.action !== 'lambda:InvokeFunctionUrl') return false;
  if (String(permission.value('InvokedViaFunctionUrl')) === 'true' && !request.viaFunctionUrl) return false;
  const sourceArn = permission.value('SourceArn');
  return sourceArn === undefined || (request.sourceArn !== undefined && matchesWildcards(String(sourceArn), request.sourceArn));
}

/** A permission names its function by name, name:alias or ARN. */
function toFunctionArn(template: StackTemplate, functionName: string): string {
  return functionName.startsWith('arn:') ? functionName : functionArn(template, functionName);
}
