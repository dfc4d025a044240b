import { findUnresolved, Unresolved, UnresolvedValueError } from './unresolved-value';

/** A resource, or a part of one, with resolved values. Reading an unresolved value throws an error that names it. */
export class TemplateValue {
  /**
   * @param constructPath the path of the resource, for error messages
   * @param property the place of this part in the resource; empty for the resource itself
   */
  constructor(private readonly resolved: unknown, readonly constructPath: string, private readonly property = '') {}

  /**
   * Returns the value at a place such as `Integration.Uri`, undefined if there is none.
   *
   * @throws UnresolvedValueError
   */
  value(place: string): any {
    const found = this.find(place);
    const unresolved = findUnresolved(found, this.nameOf(place));
    if (unresolved) throw new UnresolvedValueError(this.constructPath, unresolved.property, unresolved.unresolved);
    return found;
  }

  /** Returns a part, whose values may be unresolved. */
  part(place: string): TemplateValue {
    return new TemplateValue(this.find(place), this.constructPath, this.nameOf(place));
  }

  /** Returns the elements of a list. Elements that are not read may be unresolved. */
  list(place: string): TemplateValue[] {
    const found = this.findKnown(place);
    return Array.isArray(found) ? found.map((element, index) => new TemplateValue(element, this.constructPath, `${this.nameOf(place)}.${index}`)) : [];
  }

  /** Returns the entries of an object. Their values may be unresolved. */
  entries(place: string): [string, unknown][] {
    return Object.entries(this.findKnown(place) ?? {});
  }

  /** Returns the value at a place. The value itself must be resolved, its parts need not be. */
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
