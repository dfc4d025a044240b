/**
 * The apps of the whole starts, and the adapters that they are also deployed with, as the pages of these say. One that takes Node's
 * objects and one that takes those of `fetch` are also bundled as ES modules, as in a project with `"type": "module"`.
 */
export const NODE_SUBJECTS = {
  express5: { name: 'Express 5', peers: ['serverless-http', 'serverless-express'], isAlsoModule: true },
  koa: { name: 'Koa', peers: ['serverless-http', 'serverless-express'] },
  fastify: { name: 'Fastify', peers: ['serverless-http', 'fastify-aws-lambda'] },
  nest: { name: 'NestJS', peers: ['serverless-http', 'serverless-express'] },
  hono: { name: 'Hono', peers: ['hono-aws-lambda'], isAlsoModule: true },
};

export const PYTHON_SUBJECTS = {
  flask: { name: 'Flask', peers: ['apig-wsgi'] },
  django: { name: 'Django', peers: ['apig-wsgi'] },
  fastapi: { name: 'FastAPI', peers: ['mangum'] },
};

/** All that an app of Node is deployed as. */
export function contendersOf(framework) {
  const { peers, isAlsoModule } = NODE_SUBJECTS[framework];
  return ['ours', ...isAlsoModule ? ['ours-module'] : [], ...peers];
}

/** What the contenders are called in the tables. */
export const CONTENDER_NAMES = {
  'ours': '`WrappedWebApp`',
  'ours-module': '`WrappedWebApp`, as an ES module',
  'serverless-http': '`NodejsFunction` with serverless-http',
  'serverless-express': '`NodejsFunction` with @codegenie/serverless-express',
  'fastify-aws-lambda': '`NodejsFunction` with @fastify/aws-lambda',
  'hono-aws-lambda': '`NodejsFunction` with hono/aws-lambda',
  'apig-wsgi': 'a folder with apig-wsgi',
  'mangum': 'a folder with Mangum',
};
