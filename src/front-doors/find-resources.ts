import * as cdk from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Returns the CloudFormation resources of these types in the whole CDK app, or in the stage of the scope if the app has stages. */
export function resourcesOf(scope: IConstruct, ...types: string[]): cdk.CfnResource[] {
  const stage = cdk.Stage.of(scope);
  return (stage ?? scope.node.root).node.findAll()
    // Not with `instanceof`: it is false for objects of another copy of the CDK.
    .filter(cdk.CfnResource.isCfnResource)
    .filter(resource => types.includes(resource.cfnResourceType) && cdk.Stage.of(resource) === stage);
}

/** The CloudFormation resource of this type that a construct defines. Undefined for an imported one. */
export function definitionOf<T extends cdk.CfnResource>(construct: IConstruct, type: string): T | undefined {
  const resource = construct.node.defaultChild;
  // Not with `instanceof`: it is false for objects of another copy of the CDK.
  return resource && cdk.CfnResource.isCfnResource(resource) && resource.cfnResourceType === type ? resource as T : undefined;
}

/** The resource that a property refers to with a `Ref` or `Fn::GetAtt`. Undefined for other values. */
export function referencedBy(value: unknown): cdk.CfnResource | undefined {
  const target = referenceIn(value)?.target;
  return target && cdk.CfnResource.isCfnResource(target) ? target : undefined;
}

/**
 * A text for the value of a property: two properties with the same text have the same value after the deployment. Works for references
 * from different stacks to one resource, and for literals.
 */
export function identityOf(value: unknown, resource: cdk.CfnResource): string {
  const reference = referenceIn(value);
  return reference ? `${reference.target.node.path}.${reference.displayName}` : JSON.stringify(cdk.Stack.of(resource).resolve(value)) ?? '';
}

/** The path of the construct that made a resource. */
export function constructOf(resource: cdk.CfnResource): string {
  return resource.node.path.replace(/\/(Resource|Default)$/, '');
}

function referenceIn(value: unknown): cdk.Reference | undefined {
  const token = cdk.Tokenization.reverse(value, { failConcat: false });
  return cdk.Reference.isReference(token) ? token : undefined;
}
