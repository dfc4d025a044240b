import { findUnresolved, Unresolved } from './unresolved-value';

/** What the intrinsic functions of a template refer to. */
export interface TemplateScope {
  /** The value of a pseudo parameter, a parameter or a resource. */
  reference(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  /** The template's definition of a condition. */
  condition(name: string): unknown;
  mapping(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  importedValue(exportName: unknown): unknown;
  /** A stand-in for a text that CloudFormation looks up at the deployment, undefined if it needs the value itself. */
  dynamicReference?(text: string): unknown;
  /** The value that a call of an intrinsic function had in the deployed stack, undefined if it is not known. */
  deployedValue?(call: object): unknown;
}

/** The value of `AWS::NoValue`. A property or list element with this value does not exist. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Values that CloudFormation looks up during the deployment, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const DYNAMIC_REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):[^}]*\}\}/;

type IntrinsicFunction = (argument: any, scope: TemplateScope) => unknown;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'Ref': (name, scope) => scope.reference(name),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
    return scope.attribute(logicalId, attribute.join('.'));
  },
  'Fn::If': ([condition, whenTrue, whenFalse], scope) => {
    const holds = evaluateCondition({ Condition: condition }, scope);
    return holds instanceof Unresolved ? holds : evaluate(holds ? whenTrue : whenFalse, scope);
  },
  'Fn::Sub': substitute,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': withEvaluatedArgument((name, scope) => scope.importedValue(name)),
  'Fn::Join': withEvaluatedArgument(([separator, parts]) => (Array.isArray(parts) ? parts.join(separator) : undefined)),
  'Fn::Split': withEvaluatedArgument(([separator, text]) => String(text).split(separator)),
  'Fn::Select': withEvaluatedArgument(([index, list]) => list[index]),
  'Fn::Base64': withEvaluatedArgument((text) => Buffer.from(String(text)).toString('base64')),
};

/** Evaluates a value of a template. Parts that cannot be resolved become `Unresolved`. */
export function evaluate(value: unknown, scope: TemplateScope): unknown {
  if (typeof value === 'string' && DYNAMIC_REFERENCE.test(value)) {
    return scope.dynamicReference?.(value) ?? new Unresolved(value, 'CloudFormation looks this up at the deployment');
  }
  if (Array.isArray(value)) {
    return value.map((element) => evaluate(element, scope)).filter((element) => element !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return evaluateFunction(value, name, argument, scope);
  }
  return Object.fromEntries(Object.entries(value)
    .map(([key, element]) => [key, evaluate(element, scope)])
    .filter(([, element]) => element !== NO_VALUE));
}

function evaluateFunction(call: object, name: string, argument: unknown, scope: TemplateScope): unknown {
  const deployed = scope.deployedValue?.(call);
  if (deployed !== undefined) return deployed;
  const intrinsicFunction = FUNCTIONS[name];
  if (!intrinsicFunction) return new Unresolved(call, `${name} is not evaluated here`);
  return intrinsicFunction(argument, scope) ?? new Unresolved(call, 'it has no result');
}

/**
 * Evaluates the definition of a condition, or `{ Condition: name }`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function evaluateCondition(condition: any, scope: TemplateScope): boolean | Unresolved {
  const [[name, argument]] = Object.entries<any>(condition);
  switch (name) {
    case 'Condition': {
      const definition = scope.condition(argument);
      return definition === undefined ? new Unresolved(condition, `the template has no condition '${argument}'`) : evaluateCondition(definition, scope);
    }
    case 'Fn::Equals': {
      const compared = evaluate(argument, scope);
      return findUnresolved(compared)?.unresolved ?? String((compared as unknown[])[0]) === String((compared as unknown[])[1]);
    }
    case 'Fn::Not': {
      const negated = evaluateCondition(argument[0], scope);
      return negated instanceof Unresolved ? negated : !negated;
    }
    case 'Fn::And': return combine(argument, scope, { decisive: false });
    case 'Fn::Or': return combine(argument, scope, { decisive: true });
    default: return new Unresolved(condition, `${name} is not evaluated here`);
  }
}

/** `Fn::And` is false if any condition is false, and `Fn::Or` is true if any is true, even if others are unresolved. */
function combine(conditions: readonly unknown[], scope: TemplateScope, { decisive }: { decisive: boolean }): boolean | Unresolved {
  const evaluated = conditions.map((condition) => evaluateCondition(condition, scope));
  if (evaluated.includes(decisive)) return decisive;
  return evaluated.find((value) => value instanceof Unresolved) ?? !decisive;
}

function withEvaluatedArgument(apply: (argument: any, scope: TemplateScope) => unknown): IntrinsicFunction {
  return (argument, scope) => {
    const evaluated = evaluate(argument, scope);
    return findUnresolved(evaluated)?.unresolved ?? apply(evaluated, scope);
  };
}

function substitute(argument: any, scope: TemplateScope): unknown {
  const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
  let unresolved: Unresolved | undefined;
  const substituted = String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal, name) => {
    if (literal) return `\${${name}}`;
    const intrinsic = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
    const value = evaluate(name in variables ? variables[name] : intrinsic, scope);
    unresolved ??= findUnresolved(value)?.unresolved;
    return String(value);
  });
  return unresolved ?? evaluate(substituted, scope);
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html */
function findInMap([map, ...more]: readonly any[], scope: TemplateScope): unknown {
  const [mapName, topKey, secondKey] = [map, ...more].slice(0, 3).map((key) => evaluate(key, scope));
  const unresolved = findUnresolved([mapName, topKey, secondKey])?.unresolved;
  if (unresolved) return unresolved;
  const found = scope.mapping(String(mapName))?.[String(topKey)]?.[String(secondKey)] ?? evaluate(more[2]?.DefaultValue, scope);
  return found ?? new Unresolved({ 'Fn::FindInMap': [mapName, topKey, secondKey] }, 'the template\'s mappings do not have it');
}
