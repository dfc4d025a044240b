import { provider } from './otel.js'; // before everything else
import { once } from 'node:events';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { trace } from '@opentelemetry/api';
import Fastify from 'fastify';
import { waitUntil } from 'cdk-wrapped-web-app/lambda-runtime/node';
import { loadOrder } from './orders.js';

const app = Fastify();
await app.register(new FastifyOtelInstrumentation().plugin());
app.addHook('onRequest', async (req, reply) => {
  waitUntil(once(reply.raw, 'close').then(() => provider.forceFlush()));
});
app.get('/orders/:id', async (req) => {
  const span = trace.getTracer('shop').startSpan('load order');
  try {
    return await loadOrder(req.params.id);
  } finally {
    span.end();
  }
});
export default app;
