import type { FastifyInstance } from 'fastify';
// @ts-expect-error the site is JavaScript
import { site } from './fastify-site.mjs';

const app: FastifyInstance = await site();
await app.register(async (inner) => {
  inner.get('/registered', async () => 'by a plugin');
});
export default app;
