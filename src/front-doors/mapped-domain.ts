import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { identityOf, referencedBy, resourcesOf } from './find-resources';

type Mapping = Pick<apigateway.CfnBasePathMapping, 'domainName' | 'restApiId' | 'basePath'>
  & Partial<Pick<apigwv2.CfnApiMapping, 'apiId' | 'apiMappingKey'>>;

/**
 * The URL of the domain name that an API is mapped to in this CDK app, without a slash at the end. Undefined if there is no mapping yet,
 * or if there are several.
 */
export function mappedDomainUrl(scope: Construct, definition: apigateway.CfnRestApi | apigwv2.CfnApi): string | undefined {
  const { CfnBasePathMapping } = apigateway;
  const { CfnApiMapping } = apigwv2;
  const idOfApi = identityOf(definition.ref, definition);
  const urls = resourcesOf(scope, CfnBasePathMapping.CFN_RESOURCE_TYPE_NAME, CfnApiMapping.CFN_RESOURCE_TYPE_NAME).flatMap(resource => {
    const { restApiId, apiId = restApiId, domainName, basePath, apiMappingKey: key = basePath } = resource as unknown as Mapping;
    return identityOf(apiId, resource) === idOfApi ? [`https://${literalName(domainName)}${key ? `/${key}` : ''}`] : [];
  });
  return urls.length === 1 ? urls[0] : undefined;
}

/** The name itself, if it refers to a domain name of this CDK app: it is known at synth, and refers to no resource. */
function literalName(domainName: string): string {
  const resource = referencedBy(domainName) as apigateway.CfnDomainName | apigwv2.CfnDomainName | undefined;
  return resource?.domainName ?? domainName;
}
