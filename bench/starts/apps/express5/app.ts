import express from 'express';

const app = express();
app.use(express.json());
app.get('/', (req, res) => {
  res.json({ hello: 'world' });
});
app.get('/users/:id', (req, res) => {
  res.json({ id: req.params.id });
});
export default app;
