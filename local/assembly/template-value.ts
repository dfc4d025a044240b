import { findUnresolved, Unresolved, UnresolvedValueError } from './unresolved-value';

/** A part of a resource whose values are resolved. Reading what the template does not tell is an error that names it. */
export class TemplateValue {
  /**
   * @param constructPath the resource, for error messages
   * @param property where the value lies in the resource
   */
  constructor(private readonly resolved: unknown, readonly constructPath: string, private readonly property = '') {}

  /**
   * A value by its place, such as `Integration.Uri`. Undefined where there is none.
   *
   * @throws UnresolvedValueError
   */
  value(place: string): any {
    const found = this.find(place);
    const unresolved = findUnresolved(found, this.nameOf(place));
    if (unresolved) throw new UnresolvedValueError(this.constructPath, unresolved.property, unresolved.unresolved);
    return found;
  }

  /** The elements of a list, of which only those that are read have to be known. */
  list(place: string): TemplateValue[] {
    const found = this.findKnown(place);
    return Array.isArray(found) ? found.map((element, index) => new TemplateValue(element, this.constructPath, `${this.nameOf(place)}.${index}`)) : [];
  }

  /** The entries of an object, with those that are unresolved. */
  entries(place: string): [string, unknown][] {
    return Object.entries(this.findKnown(place) ?? {});
  }

  /** What lies at a place, which itself must be known. */
  private findKnown(place: string): unknown {
    const found = this.find(place);
    if (found instanceof Unresolved) throw new UnresolvedValueError(this.constructPath, this.nameOf(place), found);
    return found;
  }

  private find(place: string): unknown {
    let found = this.resolved;
    let walked = '';
    for (const key of place.split('.')) {
      if (found instanceof Unresolved) throw new UnresolvedValueError(this.constructPath, this.nameOf(walked), found);
      found = (found as Record<string, unknown> | undefined | null)?.[key];
      walked = walked === '' ? key : `${walked}.${key}`;
    }
    return found;
  }

  private nameOf(place: string): string {
    return this.property === '' ? place : `${this.property}.${place}`;
  }
}
