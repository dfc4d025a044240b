import { findGrowingState } from './growing-state';
import { findMixedRequests } from './mixed-requests';
import { bundlesOf } from '../bundles';

export interface LeakOptions {
  /** Paths that are requested in turn; `{marker}` in them is replaced. */
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  /** How many requests each of both searches sends. */
  readonly requests: number;
}

export const DEFAULT_OPTIONS: LeakOptions = { paths: ['/'], methods: ['GET', 'POST'], requests: 96 };

export interface Findings {
  /** One line for each leak. */
  readonly leaks: readonly string[];
  /** How often the app answered with which status. */
  readonly statuses: ReadonlyMap<number | string, number>;
}

/**
 * Looks for state that one request of an app leaves to another, and for state that grows with each.
 *
 * @param node a Node binary
 * @param entry the app, as `entry` of `WrappedWebApp`
 */
export async function findLeaks(node: string, entry: string, options: LeakOptions): Promise<Findings> {
  const bundle = bundlesOf([entry]).get(entry)!;
  const mixed = await findMixedRequests(node, bundle, options);
  const growing = await findGrowingState(node, bundle, options);
  return { leaks: [...mixed.leaks, ...growing], statuses: mixed.statuses };
}
