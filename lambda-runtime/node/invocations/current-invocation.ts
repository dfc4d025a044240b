import { AsyncLocalStorage } from 'node:async_hooks';
import type { Invocation } from './invocation';

/**
 * The invocation of the current async context. All copies of this module in a process share one storage, so that an app
 * with its own copy of the runtime finds its invocation.
 */
const KEY = Symbol.for('cdk-wrapped-web-app.current-invocation');
export const currentInvocation: AsyncLocalStorage<Invocation> = ((globalThis as any)[KEY] ??= new AsyncLocalStorage<Invocation>());
