import { join } from 'node:path';
import { findProduct, products } from 'example-catalog';
import express from 'express';

const app = express();
app.set('view engine', 'ejs');
app.set('views', join(import.meta.dirname, '../views'));

app.get('/', (_request, response) => response.render('index', { products }));

app.get('/products/:id', (request, response) => {
  const product = findProduct(request.params.id);
  if (product) response.json(product);
  else response.sendStatus(404);
});

// Images belong to the package that all apps share.
app.use('/images', express.static(join(import.meta.dirname, '../../../packages/catalog/images')));

export default app;
