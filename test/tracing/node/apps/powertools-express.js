import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import express from 'express';
import { getLambdaContext } from 'cdk-wrapped-web-app/lambda-runtime/node';
import { loadOrder } from './orders.js';

const logger = new Logger({ serviceName: 'shop' });
const metrics = new Metrics({ namespace: 'shop', serviceName: 'shop' });
const tracer = new Tracer({ serviceName: 'shop' });

const app = express();
app.use((req, res, next) => {
  const context = getLambdaContext();
  if (context) logger.addContext(context);
  res.on('finish', () => metrics.publishStoredMetrics());
  next();
});
app.get('/orders/:id', async (req, res) => {
  const order = await tracer.provider.captureAsyncFunc('load order', async (subsegment) => {
    try {
      return await loadOrder(req.params.id);
    } finally {
      subsegment.close();
    }
  });
  logger.info('order loaded', { order });
  metrics.addMetric('orders', MetricUnit.Count, 1);
  res.json(order);
});
export default app;
