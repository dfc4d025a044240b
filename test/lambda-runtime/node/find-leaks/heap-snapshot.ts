import { readFileSync } from 'node:fs';

/** The number of steps from the root to an object that are looked at. */
const MOST_STEPS = 30;

/** Holds all names of properties in a process, for as long as anything else does. */
const NAME_TABLES = new Set(['(Internalized strings)', '(String table)']);

/** Edges by which V8 knows an object, but which are no names in a program. */
const UNNAMED = new Set(['internal', 'hidden', 'shortcut']);

interface Edge {
  readonly type: string;
  readonly name: string;
  readonly to: number;
}

/**
 * A snapshot of a heap, as Node writes it with `--heapsnapshot-signal`. Objects are numbers: places in the file's list.
 *
 * @see https://developer.chrome.com/docs/devtools/memory-problems/heap-snapshots
 */
export class HeapSnapshot {
  private readonly nodes: number[];
  private readonly edges: number[];
  private readonly strings: string[];
  private readonly nodeFields: number;
  private readonly edgeFields: number;
  private readonly nodeTypes: string[];
  private readonly edgeTypes: string[];
  /** Where the edges of an object begin. */
  private readonly firstEdge = new Map<number, number>();
  private readonly byId = new Map<number, number>();
  private parents: Map<number, { from: number; edge: Edge }> | undefined;

  constructor(file: string) {
    const { snapshot: { meta }, nodes, edges, strings } = JSON.parse(readFileSync(file, 'utf8'));
    this.nodes = nodes;
    this.edges = edges;
    this.strings = strings;
    this.nodeFields = meta.node_fields.length;
    this.edgeFields = meta.edge_fields.length;
    [this.nodeTypes] = meta.node_types;
    [this.edgeTypes] = meta.edge_types;
    let edge = 0;
    for (let node = 0; node < nodes.length; node += this.nodeFields) {
      this.firstEdge.set(node, edge);
      this.byId.set(nodes[node + 2], node);
      edge += nodes[node + 4] * this.edgeFields;
    }
  }

  /** By an id that an object has in all snapshots of a process, how many values the objects, arrays, maps and sets have. */
  public sizes(): Map<number, number> {
    const sizes = new Map<number, number>();
    for (const [id, node] of this.byId) {
      if (this.typeOf(node) !== 'object') continue;
      let size = 0;
      for (const { type, name, to } of this.edgesOf(node)) {
        // Maps and sets have a table of their own.
        size += type === 'element' || type === 'property' ? 1 : name === 'table' ? this.nodes[to + 4] : 0;
      }
      sizes.set(id, size);
    }
    return sizes;
  }

  /** The texts in memory of which something holds on to. */
  public* texts(): Generator<{ text: string; node: number }> {
    for (const node of this.byId.values()) {
      if (this.typeOf(node).endsWith('string')) {
        yield { text: this.nameOf(node), node };
      }
    }
  }

  public nodeOf(id: number): number | undefined {
    return this.byId.get(id);
  }

  /** How a program gets to an object: names of variables and properties; undefined if it is Node's and not the program's. */
  public pathTo(node: number): string | undefined {
    this.parents ??= this.walk();
    const path: string[] = [];
    let holds: string | undefined;
    for (let each = node, steps = 0; steps < MOST_STEPS; steps++) {
      const parent = this.parents.get(each);
      if (parent === undefined) break;
      const { edge, from } = parent;
      if (!UNNAMED.has(edge.type)) path.unshift(edge.type === 'element' ? `[${edge.name}]` : edge.name);
      holds ??= this.typeOf(each) === 'object' ? this.nameOf(each) : undefined;
      if (edge.type === 'context') return `${path.join('.').replace(/\.\[/g, '[')} (${holds ?? this.typeOf(node)})`;
      each = from;
    }
    return path.length === 0 ? undefined : `${path.join('.').replace(/\.\[/g, '[')} (${holds ?? this.typeOf(node)})`;
  }

  /** The shortest way to each object. */
  private walk(): Map<number, { from: number; edge: Edge }> {
    const parents = new Map<number, { from: number; edge: Edge }>();
    let level = [0];
    const seen = new Set(level);
    while (level.length > 0) {
      const next: number[] = [];
      for (const from of level) {
        for (const edge of this.edgesOf(from)) {
          if (edge.type !== 'weak' && !seen.has(edge.to) && !NAME_TABLES.has(this.nameOf(edge.to))) {
            seen.add(edge.to);
            parents.set(edge.to, { from, edge });
            next.push(edge.to);
          }
        }
      }
      level = next;
    }
    return parents;
  }

  private* edgesOf(node: number): Generator<Edge> {
    const first = this.firstEdge.get(node)!;
    for (let i = 0; i < this.nodes[node + 4]; i++) {
      const at = first + i * this.edgeFields;
      const type = this.edgeTypes[this.edges[at]];
      const name = type === 'element' || type === 'hidden' ? String(this.edges[at + 1]) : this.strings[this.edges[at + 1]];
      yield { type, name, to: this.edges[at + 2] };
    }
  }

  private typeOf(node: number): string {
    return this.nodeTypes[this.nodes[node]];
  }

  private nameOf(node: number): string {
    return this.strings[this.nodes[node + 1]];
  }
}
