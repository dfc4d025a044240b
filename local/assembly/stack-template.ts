import { isDeepStrictEqual } from 'node:util';
import { evaluate, evaluateCondition, NO_VALUE, TemplateScope } from './intrinsic-functions';
import { makeId, standInFor } from './physical-ids';
import { TemplateResource } from './template-resource';
import { TemplateValue } from './template-value';
import { findUnresolved, Unresolved, UnresolvedValueError } from './unresolved-value';

/** The parts of a CloudFormation template that are read here. */
export interface TemplateJson {
  Resources?: Record<string, ResourceJson>;
  Parameters?: Record<string, { Type?: string; Default?: unknown }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, { Value: unknown; Condition?: string; Export?: { Name: unknown } }>;
}

export interface ResourceJson {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, any>>;
  readonly DependsOn?: string | readonly string[];
}

/** What CloudFormation knows about the stack. An environment-agnostic stack has no account and region. */
export interface StackFacts {
  readonly stackName: string;
  readonly account?: string;
  readonly region?: string;
  /** The outputs of the deployed stack, by logical ID. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** The stack that a nested one belongs to, and the parameters that it passes on. */
  readonly parent?: { readonly template: StackTemplate; readonly parameters: Readonly<Record<string, unknown>> };
  /** The construct path of a resource, by its logical ID. */
  constructPath(logicalId: string): string;
}

/**
 * How references are evaluated. `deployed`: resources have stand-ins for their physical IDs. `compared`: imports and
 * Systems Manager parameters have stand-ins too. `before deployment`: there are no stand-ins.
 */
type Evaluation = 'deployed' | 'compared' | 'before deployment';

/** The account that AWS's own documentation uses. */
const EXAMPLE_ACCOUNT = '111122223333';

/**
 * A template whose references are resolved. Each resource gets a stand-in for its physical ID,
 * the same on every run, so that ARNs can be compared.
 */
export class StackTemplate {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** All stacks of the cloud assembly, including this one. They import values from each other, and each may contain permissions. */
  neighbours: readonly StackTemplate[] = [this];
  /** The nested stacks, by the logical IDs of their resources. */
  readonly nested = new Map<string, StackTemplate>();
  /** Why resources were left out: one message for each value that was needed and could not be resolved. */
  readonly leftOut = new Set<string>();

  private readonly scopes: Readonly<Record<Evaluation, TemplateScope>> = {
    'deployed': this.scope('deployed'),
    'compared': this.scope('compared'),
    'before deployment': this.scope('before deployment'),
  };

  constructor(private readonly json: TemplateJson, private readonly facts: StackFacts) {
    this.stackName = facts.stackName;
    this.account = facts.account ?? process.env.CDK_DEFAULT_ACCOUNT ?? EXAMPLE_ACCOUNT;
    this.region = facts.region ?? process.env.CDK_DEFAULT_REGION ?? process.env.AWS_REGION ?? 'us-east-1';
  }

  /**
   * Reads each resource of a type, except those whose condition is false.
   * A resource with a value that cannot be resolved is left out.
   *
   * @param onUnresolved called with the reason; by default, it is added to `leftOut`
   */
  read<T>(
    type: string,
    read: (resource: TemplateResource) => T | undefined,
    onUnresolved: (reason: string) => void = (reason) => this.leftOut.add(reason),
  ): T[] {
    return Object.entries(this.json.Resources ?? {}).flatMap(([logicalId, resource]) => {
      if (resource.Type !== type) return [];
      try {
        const result = this.exists(logicalId, resource) ? read(this.resolveResource(logicalId, resource)) : undefined;
        return result === undefined ? [] : [result];
      } catch (error) {
        if (!(error instanceof UnresolvedValueError)) throw error;
        onUnresolved(error.message);
        return [];
      }
    });
  }

  /** Returns what `Ref` gives for a resource. */
  ref(logicalId: string): string {
    return this.known(logicalId, 'Ref', this.scopes.deployed.reference(logicalId));
  }

  /** Returns what `Fn::GetAtt` gives for a resource. */
  attribute(logicalId: string, attribute: string): string {
    return this.known(logicalId, attribute, this.scopes.deployed.attribute(logicalId, attribute));
  }

  /** Returns the entries of a property. References to resources are `Unresolved`: nothing has been deployed. */
  entriesBeforeDeployment(logicalId: string, place: string): [string, unknown][] {
    const { Properties } = this.json.Resources![logicalId];
    return new TemplateValue(evaluate(Properties ?? {}, this.scopes['before deployment']), this.facts.constructPath(logicalId)).entries(place);
  }

  /** Returns the parameters of a nested stack, not yet evaluated. */
  parametersOfNested(logicalId: string): Readonly<Record<string, unknown>> {
    return this.json.Resources?.[logicalId].Properties?.Parameters ?? {};
  }

  private exists(logicalId: string, { Condition }: ResourceJson): boolean {
    if (Condition === undefined) return true;
    const holds = evaluateCondition({ Condition }, this.scopes.deployed);
    if (holds instanceof Unresolved) throw new UnresolvedValueError(this.facts.constructPath(logicalId), 'Condition', holds);
    return holds;
  }

  private resolveResource(logicalId: string, { Properties = {}, DependsOn = [] }: ResourceJson): TemplateResource {
    const dependsOn = typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
    const { deployed, compared } = this.scopes;
    const constructPath = this.facts.constructPath(logicalId);
    return new TemplateResource(logicalId, dependsOn, constructPath, evaluate(Properties, deployed), evaluate(Properties, compared));
  }

  private known(logicalId: string, property: string, value: unknown): string {
    const found = findUnresolved(value);
    if (found) throw new UnresolvedValueError(this.facts.constructPath(logicalId), property, found.unresolved);
    return String(value);
  }

  private scope(evaluation: Evaluation): TemplateScope {
    const ofResource = (logicalId: string, attribute?: string): unknown => (evaluation === 'before deployment'
      ? new Unresolved(renderIntrinsic(logicalId, attribute), 'it exists only after a deployment')
      : this.standIn(logicalId, attribute));
    return {
      reference: (name) => this.pseudoParameter(name) ?? this.parameter(name, evaluation) ?? ofResource(name),
      attribute: (logicalId, attribute) => {
        const nested = attribute.startsWith('Outputs.') ? this.nested.get(logicalId) : undefined;
        return nested ? nested.output(attribute.slice('Outputs.'.length), evaluation) : ofResource(logicalId, attribute);
      },
      condition: (name) => this.json.Conditions?.[name],
      mapping: (name) => this.json.Mappings?.[name],
      importedValue: (exportName) => this.importedValue(exportName, evaluation),
      dynamicReference: evaluation === 'compared' ? (text) => text : undefined,
      deployedValue: evaluation === 'before deployment' ? (call) => this.deployedValue(call) : undefined,
    };
  }

  /** An output of the deployed stack tells what its own value was there. */
  private deployedValue(call: object): string | undefined {
    const { outputs = {} } = this.facts;
    const found = Object.entries(this.json.Outputs ?? {}).find(([name, { Value }]) => outputs[name] !== undefined && isDeepStrictEqual(Value, call));
    return found && outputs[found[0]];
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
  private pseudoParameter(name: string): unknown {
    switch (name) {
      case 'AWS::Region': return this.region;
      case 'AWS::AccountId': return this.account;
      case 'AWS::Partition': return 'aws';
      case 'AWS::URLSuffix': return 'amazonaws.com';
      case 'AWS::StackName': return this.stackName;
      case 'AWS::StackId': return `arn:aws:cloudformation:${this.region}:${this.account}:stack/${this.stackName}/${makeId(this.stackName)}`;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::NoValue': return NO_VALUE;
      default: return undefined;
    }
  }

  private parameter(name: string, evaluation: Evaluation): unknown {
    const { Type = 'String', Default } = this.json.Parameters?.[name] ?? {};
    const { parent } = this.facts;
    if (parent && name in parent.parameters) {
      return toParameterType(Type, evaluate(parent.parameters[name], parent.template.scopes[evaluation]));
    }
    if (this.json.Parameters?.[name] === undefined) return undefined;
    if (Type.startsWith('AWS::SSM::Parameter::Value')) {
      return fromElsewhere(new Unresolved({ Ref: name }, `CloudFormation looks parameter '${name}' up in Systems Manager at the deployment`), evaluation);
    }
    if (Default === undefined) {
      return new Unresolved({ Ref: name }, `parameter '${name}' has no default; give it one`);
    }
    return toParameterType(Type, Default);
  }

  private importedValue(exportName: unknown, evaluation: Evaluation): unknown {
    for (const neighbour of this.neighbours) {
      const scope = neighbour.scopes[evaluation];
      const output = Object.values(neighbour.json.Outputs ?? {}).find(({ Export }) => Export && evaluate(Export.Name, scope) === exportName);
      if (output) return evaluate(output.Value, scope);
    }
    return fromElsewhere(new Unresolved({ 'Fn::ImportValue': exportName }, 'no stack of this cloud assembly exports it'), evaluation);
  }

  private output(name: string, evaluation: Evaluation): unknown {
    const output = this.json.Outputs?.[name];
    return output ? evaluate(output.Value, this.scopes[evaluation]) : new Unresolved(name, 'the nested stack has no such output');
  }

  private standIn(logicalId: string, attribute?: string): unknown {
    const intrinsic = renderIntrinsic(logicalId, attribute);
    const resource = this.json.Resources?.[logicalId];
    if (!resource) return new Unresolved(intrinsic, `the template has no parameter or resource '${logicalId}'`);
    const { stackName, account, region } = this;
    const property = (name: string): unknown =>
      this.resolveResource(logicalId, { ...resource, Properties: { [name]: resource.Properties?.[name] } }).value(name);
    try {
      if (!this.exists(logicalId, resource)) {
        return new Unresolved(intrinsic, `resource '${logicalId}' does not exist, since its condition '${resource.Condition}' is false`);
      }
      return standInFor({ stackName, account, region, logicalId, type: resource.Type, property }, attribute)
        ?? new Unresolved(intrinsic, `this attribute of an ${resource.Type} exists only after a deployment`);
    } catch (error) {
      if (error instanceof UnresolvedValueError) return error.unresolved;
      throw error;
    }
  }
}

/** The same reference gets the same stand-in, so that two references can be compared. */
function fromElsewhere(unresolved: Unresolved, evaluation: Evaluation): unknown {
  return evaluation === 'compared' ? makeId(JSON.stringify(unresolved.intrinsic)).slice(0, 10) : unresolved;
}

function renderIntrinsic(logicalId: string, attribute?: string): object {
  return attribute === undefined ? { Ref: logicalId } : { 'Fn::GetAtt': [logicalId, attribute] };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
function toParameterType(type: string, value: unknown): unknown {
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList && typeof value === 'string' ? value.split(',').map((element) => element.trim()) : value;
}
