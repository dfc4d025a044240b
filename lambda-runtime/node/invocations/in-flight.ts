/** The invocations that are not answered yet, and one timer for their deadlines. */
export class InFlight<T extends { readonly deadline: number }> {
  private readonly invocations = new Set<T>();
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;

  constructor(private readonly onDeadline: (invocation: T) => void) {}

  public add(invocation: T): void {
    this.invocations.add(invocation);
    if (invocation.deadline < this.timerAt) {
      this.watch(invocation.deadline);
    } else if (this.invocations.size === 1) {
      // With an empty event loop the process would exit without a log entry. The timer keeps it alive until the deadline.
      this.timer?.ref();
    }
  }

  public remove(invocation: T): void {
    this.invocations.delete(invocation);
    if (this.invocations.size === 0) {
      this.timer?.unref();
    }
  }

  public all(): T[] {
    return [...this.invocations];
  }

  public has(invocation: T): boolean {
    return this.invocations.has(invocation);
  }

  /**
   * One timer serves all invocations. It keeps running when an invocation ends, since the next deadline is later. One
   * timer per invocation would take longer than most apps need for an answer.
   */
  private watch(deadline: number): void {
    clearTimeout(this.timer);
    this.timerAt = deadline;
    this.timer = deadline === Infinity ? undefined : setTimeout(() => this.check(), Math.max(0, deadline - Date.now()));
  }

  private check(): void {
    this.timerAt = Infinity;
    this.timer = undefined;
    const now = Date.now();
    for (const invocation of this.all()) {
      if (invocation.deadline <= now + 1) {
        this.onDeadline(invocation);
      }
    }
    const next = Math.min(...this.all().map((invocation) => invocation.deadline));
    if (next < this.timerAt) {
      this.watch(next);
    }
  }
}
