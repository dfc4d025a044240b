/* eslint-disable no-bitwise -- the algorithm needs them */
/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same events on every machine. */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, but not including, `limit`. */
  public below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  public chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  public pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}
