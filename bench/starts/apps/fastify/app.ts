import Fastify from 'fastify';

const app = Fastify();
app.get('/', async () => ({ hello: 'world' }));
app.get('/users/:id', async (request) => ({ id: (request.params as { id: string }).id }));
export default app;
