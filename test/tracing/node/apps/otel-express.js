import { provider } from './otel.js'; // before everything else
import { once } from 'node:events';
import { trace } from '@opentelemetry/api';
import express from 'express';
import { waitUntil } from 'cdk-wrapped-web-app/lambda-runtime/node';
import { loadOrder } from './orders.js';

const app = express();
app.use((req, res, next) => {
  // The span of the request ends with the response.
  waitUntil(once(res, 'close').then(() => provider.forceFlush()));
  next();
});
app.get('/orders/:id', async (req, res) => {
  const order = await trace.getTracer('shop').startActiveSpan('load order', async (span) => {
    try {
      return await loadOrder(req.params.id);
    } finally {
      span.end();
    }
  });
  res.json(order);
});
export default app;
