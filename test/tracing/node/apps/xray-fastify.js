import xray from 'aws-xray-sdk-core';
import Fastify from 'fastify';
import { loadOrder } from './orders.js';

const app = Fastify();
app.get('/orders/:id', async (req) => xray.captureAsyncFunc('load order', async (subsegment) => {
  try {
    return await loadOrder(req.params.id);
  } finally {
    subsegment.close();
  }
}));
export default app;
