import { AsyncLocalStorage } from 'node:async_hooks';
import type { Invocation } from './invocation';

/**
 * Which invocation the running code belongs to. One storage for the process, wherever this module was loaded from:
 * an app that has its own copy of the runtime still finds its invocation.
 */
const KEY = Symbol.for('cdk-wrapped-web-app.current-invocation');
export const currentInvocation: AsyncLocalStorage<Invocation> = ((globalThis as any)[KEY] ??= new AsyncLocalStorage<Invocation>());
