/** A value that cannot be resolved from the template alone, and the intrinsic function that is the reason. */
export class Unresolved {
  constructor(readonly intrinsic: unknown, readonly why: string) {}
}

/** A value is needed that cannot be resolved from the template. */
export class UnresolvedValueError extends Error {
  constructor(constructPath: string, property: string, readonly unresolved: Unresolved) {
    super(`${constructPath}: cannot resolve ${property} from the template, got ${JSON.stringify(unresolved.intrinsic)}: ${unresolved.why}`);
  }
}

export interface UnresolvedPart {
  /** Its place in the value, such as `Integration.Uri`. */
  readonly property: string;
  readonly unresolved: Unresolved;
}

/** Finds the first part of a value that is unresolved. */
export function findUnresolved(value: unknown, property = ''): UnresolvedPart | undefined {
  if (value instanceof Unresolved) return { property, unresolved: value };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, element] of Object.entries(value)) {
    const found = findUnresolved(element, property === '' ? key : `${property}.${key}`);
    if (found) return found;
  }
  return undefined;
}
