import type { Metafile } from 'esbuild';

/** The files of a bundle that import themselves through others. Their functions can be called before they have run. */
export function filesInCircles({ inputs }: Metafile): Set<string> {
  const found = new Set<string>();
  const open: string[] = [];
  const order = new Map<string, number>();
  const isOpen = new Set<string>();

  /** Tarjan's algorithm: the number of the earliest file that this one leads back to. */
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    isOpen.add(file);
    const place = open.push(file) - 1;
    let earliest = number;
    for (const { path: imported, kind, external } of inputs[file]?.imports ?? []) {
      if (external || kind !== 'import-statement') continue;
      if (!order.has(imported)) earliest = Math.min(earliest, visit(imported));
      else if (isOpen.has(imported)) earliest = Math.min(earliest, order.get(imported)!);
    }
    if (earliest === number) {
      const circle = open.splice(place);
      circle.forEach(each => isOpen.delete(each));
      if (circle.length > 1) circle.forEach(each => found.add(each));
    }
    return earliest;
  };
  for (const file of Object.keys(inputs)) {
    if (!order.has(file)) visit(file);
  }
  return found;
}
