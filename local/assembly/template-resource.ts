import { TemplateValue } from './template-value';

/** A resource with its properties resolved. */
export class TemplateResource extends TemplateValue {
  /**
   * @param comparable the properties, in which the IDs of things outside of the cloud assembly have stand-ins
   */
  constructor(
    readonly logicalId: string,
    readonly dependsOn: readonly string[],
    constructPath: string,
    properties: unknown,
    private readonly comparable: unknown = properties,
  ) {
    super(properties, constructPath);
  }

  /** Returns the properties with stand-ins for what is outside of the cloud assembly, and for what CloudFormation looks up at the deployment. */
  withStandIns(): TemplateValue {
    return new TemplateValue(this.comparable, this.constructPath);
  }

  /** Returns an ID or ARN that is only compared with others: it may belong to something outside of the cloud assembly. */
  id(place: string): string | undefined {
    return new TemplateValue(this.comparable, this.constructPath).value(place);
  }
}
