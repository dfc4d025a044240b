const known = new Map<string, string>();

/** The name of a header in lower case. Clients repeat the same names, and a look into a map is faster than to convert one. */
export function lowerCase(name: string): string {
  return known.get(name) ?? convert(name);
}

function convert(name: string): string {
  const lower = name.toLowerCase();
  // Clients choose names, so the number and length of those that are kept is limited.
  if (known.size < 1024 && name.length < 128) {
    known.set(name, lower);
  }
  return lower;
}
