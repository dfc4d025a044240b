import { StackTemplate } from './stack-template';

/** Who wants to invoke what. */
export interface InvokeRequest {
  /** The ARN that is invoked, with the alias or version where one is. */
  readonly functionArn: string;
  readonly action: 'lambda:InvokeFunction' | 'lambda:InvokeFunctionUrl';
  /** `*` for anyone, else the service. */
  readonly principal: string;
  /** The ARN of the route or target group that invokes. */
  readonly sourceArn?: string;
  readonly viaFunctionUrl?: boolean;
}

/**
 * Whether the template's `AWS::Lambda::Permission` resources allow a door to invoke a function.
 * A permission for the function does not count for its aliases, nor the other way round.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function isInvokeAllowed(template: StackTemplate, request: InvokeRequest): boolean {
  const permissions = template.neighbours.flatMap((neighbour) => neighbour.resourcesOfType('AWS::Lambda::Permission'));
  return permissions.some(({ properties }) =>
    toFunctionArn(template, String(properties.FunctionName)) === request.functionArn
      && matchesPattern(String(properties.Action), request.action)
      && isPrincipal(String(properties.Principal), request.principal)
      && (properties.SourceArn === undefined || (request.sourceArn !== undefined && matchesPattern(String(properties.SourceArn), request.sourceArn)))
      && (properties.FunctionUrlAuthType === undefined || request.action === 'lambda:InvokeFunctionUrl')
      && (String(properties.InvokedViaFunctionUrl) !== 'true' || request.viaFunctionUrl === true));
}

function isPrincipal(granted: string, principal: string): boolean {
  return granted === '*' || granted === principal;
}

/** A permission names its function by name, name:alias or ARN. */
function toFunctionArn(template: StackTemplate, functionName: string): string {
  return functionName.startsWith('arn:')
    ? functionName
    : `arn:aws:lambda:${template.region}:${template.account}:function:${functionName}`;
}

/** `*` stands for any characters and `?` for one, as in IAM's ArnLike. */
function matchesPattern(pattern: string, value: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test(value);
}
