/** A value that the template does not tell, with the intrinsic function that has no result. */
export class Unresolved {
  constructor(readonly intrinsic: unknown, readonly why: string) {}
}

/** Something that had to be read needs a value that the template does not tell. */
export class UnresolvedValueError extends Error {
  constructor(constructPath: string, property: string, readonly unresolved: Unresolved) {
    super(`${constructPath}: the template does not tell ${property}, which is ${JSON.stringify(unresolved.intrinsic)}: ${unresolved.why}`);
  }
}

export interface UnresolvedPart {
  /** Where it lies in the value: `Integration.Uri`. */
  readonly property: string;
  readonly unresolved: Unresolved;
}

/** The first part of a value that is unresolved. */
export function findUnresolved(value: unknown, property = ''): UnresolvedPart | undefined {
  if (value instanceof Unresolved) return { property, unresolved: value };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, element] of Object.entries(value)) {
    const found = findUnresolved(element, property === '' ? key : `${property}.${key}`);
    if (found) return found;
  }
  return undefined;
}
