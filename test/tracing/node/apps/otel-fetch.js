import { provider } from './otel.js';
import { trace } from '@opentelemetry/api';
import { loadOrder } from './orders.js';

export default {
  async fetch(request, env, ctx) {
    const span = trace.getTracer('shop').startSpan('load order');
    const order = await loadOrder(new URL(request.url).pathname.split('/').at(-1));
    span.end();
    ctx.waitUntil(provider.forceFlush());
    return Response.json(order);
  },
};
