import { index, route } from '@react-router/dev/routes';

export default [
  index('routes/home.jsx'),
  route('form', 'routes/form.jsx'),
  route('streamed', 'routes/streamed.jsx'),
  route('items/:id', 'routes/item.jsx'),
  route('old', 'routes/old.js'),
  route('api/:what', 'routes/api.js'),
];
