import { createHash } from 'node:crypto';

/** A CloudFormation template as JSON, as far as it is read here. */
export interface TemplateJson {
  Resources?: Record<string, TemplateResource>;
  Parameters?: Record<string, { Default?: unknown }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, any>>;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, any>>;
}

/** What CloudFormation would know of the stack; an environment-agnostic stack leaves it open. */
export interface StackFacts {
  readonly stackName: string;
  readonly account?: string;
  readonly region?: string;
  /** The stack that a nested one belongs to, and the parameters that it hands over. */
  readonly parent?: { readonly template: StackTemplate; readonly parameters: Readonly<Record<string, unknown>> };
}

/** What may become of a reference: a stand-in for what it would be once deployed, or nothing. */
type Evaluation = 'deployed' | 'before a deployment';

/** The account that AWS's own documentation uses. */
const EXAMPLE_ACCOUNT = '111122223333';

/**
 * A template whose references can be followed. Each resource gets a stand-in for the physical ID
 * that AWS would give it, the same on every run, so that ARNs are compared as AWS compares them.
 */
export class StackTemplate {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** Every stack of the cloud assembly, this one too: they export values to each other, and permissions lie in any of them. */
  neighbours: readonly StackTemplate[] = [this];
  /** The nested stacks, by the logical IDs of their resources. */
  readonly nested = new Map<string, StackTemplate>();
  private readonly parent: StackFacts['parent'];

  constructor(private readonly json: TemplateJson, facts: StackFacts) {
    this.parent = facts.parent;
    this.stackName = facts.stackName;
    this.account = facts.account ?? process.env.CDK_DEFAULT_ACCOUNT ?? EXAMPLE_ACCOUNT;
    this.region = facts.region ?? process.env.CDK_DEFAULT_REGION ?? process.env.AWS_REGION ?? 'us-east-1';
  }

  resource(logicalId: string): TemplateResource | undefined {
    return this.json.Resources?.[logicalId];
  }

  /** The resources of a type, with their properties resolved. */
  resourcesOfType(type: string): { id: string; resource: TemplateResource; properties: Record<string, any> }[] {
    return Object.entries(this.json.Resources ?? {})
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ id, resource, properties: (this.resolve(resource.Properties) ?? {}) as Record<string, any> }));
  }

  /** Evaluates a template value with the stand-ins; what cannot be known stays as it is. */
  resolve(value: unknown): unknown {
    return this.evaluate(value, 'deployed');
  }

  /**
   * Evaluates a value that needs no deployed resource: literals, pseudo parameters and parameters with a default.
   * Returns undefined for anything that is known only after a deployment.
   */
  resolveBeforeDeploy(value: unknown): string | undefined {
    const evaluated = this.evaluate(value, 'before a deployment');
    return typeof evaluated === 'object' ? undefined : String(evaluated);
  }

  private evaluate(value: unknown, evaluation: Evaluation): unknown {
    if (Array.isArray(value)) {
      return value.map((element) => this.evaluate(element, evaluation));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const [[key, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0) {
      const evaluated = this.evaluateIntrinsic(key, argument, evaluation);
      if (evaluated !== undefined) return evaluated;
    }
    if (isIntrinsic(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, this.evaluate(element, evaluation)]));
  }

  private evaluateIntrinsic(key: string, argument: any, evaluation: Evaluation): unknown {
    switch (key) {
      case 'Ref':
        return this.pseudoParameter(argument) ?? this.parameter(argument, evaluation) ?? this.standIn(evaluation, argument);
      case 'Fn::GetAtt': {
        const [logicalId, ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
        return this.standIn(evaluation, logicalId, attribute.join('.'));
      }
      case 'Fn::Join': {
        const parts = this.evaluate(argument[1], evaluation);
        return Array.isArray(parts) && parts.every((part) => typeof part !== 'object') ? parts.join(argument[0]) : undefined;
      }
      case 'Fn::Sub':
        return this.substitute(argument, evaluation);
      case 'Fn::ImportValue':
        return evaluation === 'deployed' ? this.importValue(argument) : undefined;
      default:
        return undefined;
    }
  }

  private importValue(argument: unknown): unknown {
    const name = this.resolve(argument);
    for (const neighbour of this.neighbours) {
      const output = Object.values(neighbour.json.Outputs ?? {}).find(({ Export }) => Export && neighbour.resolve(Export.Name) === name);
      if (output) return neighbour.resolve(output.Value);
    }
    return undefined;
  }

  private substitute(argument: any, evaluation: Evaluation): string | undefined {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    let known = true;
    const substituted = String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal, name) => {
      if (literal) return `\${${name}}`;
      const intrinsic = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
      const evaluated = this.evaluate(name in (variables ?? {}) ? variables[name] : intrinsic, evaluation);
      if (typeof evaluated === 'object') known = false;
      return String(evaluated);
    });
    return known ? substituted : undefined;
  }

  private pseudoParameter(name: string): string | undefined {
    switch (name) {
      case 'AWS::Region': return this.region;
      case 'AWS::AccountId': return this.account;
      case 'AWS::Partition': return 'aws';
      case 'AWS::URLSuffix': return 'amazonaws.com';
      case 'AWS::StackName': return this.stackName;
      default: return undefined;
    }
  }

  private parameter(name: string, evaluation: Evaluation): unknown {
    if (this.parent && name in this.parent.parameters) {
      const value = this.parent.template.evaluate(this.parent.parameters[name], evaluation);
      return typeof value === 'object' ? undefined : value;
    }
    return this.json.Parameters?.[name]?.Default;
  }

  /** What `Ref` (no attribute) or `Fn::GetAtt` would return for a resource. */
  private standIn(evaluation: Evaluation, logicalId: string, attribute?: string): unknown {
    const resource = this.resource(logicalId);
    if (!resource || evaluation === 'before a deployment') return undefined;
    const nested = this.nested.get(logicalId);
    if (nested && attribute?.startsWith('Outputs.')) {
      return nested.resolve(nested.json.Outputs?.[attribute.slice('Outputs.'.length)]?.Value);
    }
    const properties = resource.Properties ?? {};
    const id = physicalId(`${this.stackName}/${logicalId}`);
    const lambdaArn = `arn:aws:lambda:${this.region}:${this.account}:function:`;
    const elbArn = `arn:aws:elasticloadbalancing:${this.region}:${this.account}:`;
    switch (`${resource.Type}${attribute ? `.${attribute}` : ''}`) {
      case 'AWS::Lambda::Function': return this.functionName(logicalId);
      case 'AWS::Lambda::Function.Arn': return `${lambdaArn}${this.functionName(logicalId)}`;
      case 'AWS::Lambda::Version': return `${lambdaArn}${this.functionNameOf(properties.FunctionName)}:1`;
      case 'AWS::Lambda::Version.Version': return '1';
      case 'AWS::Lambda::Alias':
      case 'AWS::Lambda::Alias.AliasArn': return `${lambdaArn}${this.functionNameOf(properties.FunctionName)}:${this.resolve(properties.Name)}`;
      case 'AWS::ApiGateway::RestApi.RootResourceId': return physicalId(`${this.stackName}/${logicalId}/root`).slice(0, 10);
      case 'AWS::ApiGateway::Stage': return String(this.resolve(properties.StageName));
      case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return `${elbArn}loadbalancer/app/${logicalId.slice(0, 16)}/${id}`;
      case 'AWS::ElasticLoadBalancingV2::LoadBalancer.DNSName': return `${logicalId.slice(0, 16)}-1234567890.${this.region}.elb.amazonaws.com`.toLowerCase();
      case 'AWS::ElasticLoadBalancingV2::Listener':
      case 'AWS::ElasticLoadBalancingV2::Listener.ListenerArn': return `${elbArn}listener/app/${id}`;
      case 'AWS::ElasticLoadBalancingV2::TargetGroup':
      case 'AWS::ElasticLoadBalancingV2::TargetGroup.TargetGroupArn': return `${elbArn}targetgroup/${logicalId.slice(0, 16)}/${id}`;
      default: return attribute ? undefined : id.slice(0, 10);
    }
  }

  functionName(logicalId: string): string {
    const name = this.resource(logicalId)?.Properties?.FunctionName;
    return name === undefined ? `${this.stackName}-${logicalId}` : String(this.resolve(name));
  }

  /** Aliases and versions name their function by name or by ARN. */
  private functionNameOf(value: unknown): string {
    return String(this.resolve(value)).replace(/^arn:[^:]+:lambda:[^:]*:[^:]*:function:/, '');
  }
}

function isIntrinsic(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** Letters and digits, like AWS's IDs, but the same on every run. */
export function physicalId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 16);
}
