/** The apps of the whole starts, and the adapters that they are also deployed with, as the pages of these say. */
export const NODE_SUBJECTS = {
  express5: { name: 'Express 5', peers: ['serverless-http', 'serverless-express'] },
  koa: { name: 'Koa', peers: ['serverless-http', 'serverless-express'] },
  fastify: { name: 'Fastify', peers: ['serverless-http', 'fastify-aws-lambda'] },
  nest: { name: 'NestJS', peers: ['serverless-http', 'serverless-express'] },
  hono: { name: 'Hono', peers: ['hono-aws-lambda'] },
};

export const PYTHON_SUBJECTS = {
  flask: { name: 'Flask', peers: ['apig-wsgi'] },
  django: { name: 'Django', peers: ['apig-wsgi'] },
  fastapi: { name: 'FastAPI', peers: ['mangum'] },
};

/** What the contenders are called in the tables. */
export const CONTENDER_NAMES = {
  'ours': '`WrappedWebApp`',
  'serverless-http': '`NodejsFunction` with serverless-http',
  'serverless-express': '`NodejsFunction` with @codegenie/serverless-express',
  'fastify-aws-lambda': '`NodejsFunction` with @fastify/aws-lambda',
  'hono-aws-lambda': '`NodejsFunction` with hono/aws-lambda',
  'apig-wsgi': 'a folder with apig-wsgi',
  'mangum': 'a folder with Mangum',
};
