import { Hono } from 'hono';

const app = new Hono();
app.get('/', (context) => context.json({ hello: 'world' }));
app.get('/users/:id', (context) => context.json({ id: context.req.param('id') }));
export default app;
