import serverless from 'serverless-http';
import app from './app';

const serve = serverless((req, res) => app.routing(req, res));
const ready = app.ready();
export const handler = async (event: object, context: object) => {
  await ready;
  return serve(event, context);
};
