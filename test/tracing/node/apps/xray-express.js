import http from 'node:http';
import xray from 'aws-xray-sdk-core';
import express from 'express';
import { loadOrder } from './orders.js';

xray.captureHTTPsGlobal(http);

const app = express();
app.get('/orders/:id', async (req, res) => {
  const order = await xray.captureAsyncFunc('load order', async (subsegment) => {
    try {
      return await loadOrder(req.params.id);
    } finally {
      subsegment.close();
    }
  });
  res.json(order);
});
export default app;
