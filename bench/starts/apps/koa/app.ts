import Koa from 'koa';

const app = new Koa();
app.use((context) => {
  context.body = { hello: 'world' };
});
export default app;
