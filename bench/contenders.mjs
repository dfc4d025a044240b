import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const FRAMEWORKS = {
  http: 'plain http',
  express4: 'Express 4',
  express5: 'Express 5',
  koa: 'Koa',
  fastify: 'Fastify',
  hono: 'Hono',
};
const EXPRESS = ['express4', 'express5'];

/**
 * What a user could put between Lambda and the app. Each uses the code of its documentation, with the options that give
 * correct responses in every scenario if possible. esbuild bundles it, as code for Lambda.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} name as in the tables
 * @property {string} [package] the package whose version is printed
 * @property {'ours' | 'peer' | 'floor'} kind floors are not adapters: they show the minimum
 * @property {string[]} frameworks
 * @property {(entry: { framework: string, format: string, runtime: string }) => string} code exports `handler`; `app.mjs` exports `app`
 */

/** @type {Contender[]} */
export const CONTENDERS = [
  {
    id: 'ours',
    name: 'cdk-wrapped-web-app',
    kind: 'ours',
    frameworks: Object.keys(FRAMEWORKS),
    // The same first lines as in the construct's bundles.
    code: ({ runtime }) => `
      import { serveModule } from ${JSON.stringify(`${runtime}/serve-module.mjs`)};
      import * as entry from 'app';
      export const handler = serveModule(entry, { file: 'src/app.ts' });`,
  },
  {
    id: 'serverless-http',
    name: 'serverless-http',
    package: 'serverless-http',
    kind: 'peer',
    frameworks: ['http', ...EXPRESS, 'koa', 'fastify'],
    code: ({ framework }) => `
      import serverless from 'serverless-http';
      import { app } from 'app';
      const ready = ${framework === 'fastify' ? 'app.ready()' : 'undefined'};
      const serve = serverless(${framework === 'fastify' ? '(req, res) => app.routing(req, res)' : 'app'}, { binary: ['image/*', 'application/octet-stream'] });
      export const handler = ${framework === 'fastify' ? 'async (event, context) => { await ready; return serve(event, context); }' : 'serve'};`,
  },
  {
    id: 'serverless-express',
    name: '@codegenie/serverless-express',
    package: '@codegenie/serverless-express',
    kind: 'peer',
    frameworks: ['http', ...EXPRESS, 'koa'],
    code: () => `
      import serverlessExpress from '@codegenie/serverless-express';
      import { app } from 'app';
      export const handler = serverlessExpress({ app, binarySettings: { contentTypes: ['image/*', 'application/octet-stream'], contentEncodings: ['gzip', 'br', 'deflate'] } });`,
  },
  {
    id: 'serverless-adapter',
    name: '@h4ad/serverless-adapter',
    package: '@h4ad/serverless-adapter',
    kind: 'peer',
    frameworks: ['http', ...EXPRESS, 'koa', 'fastify'],
    code: ({ framework, format }) => {
      const [file, name] = { koa: ['koa', 'KoaFramework'], fastify: ['fastify', 'FastifyFramework'] }[framework] ?? ['express', 'ExpressFramework'];
      const adapter = { 'rest-api': 'ApiGatewayV1Adapter', 'alb': 'AlbAdapter' }[format] ?? 'ApiGatewayV2Adapter';
      return `
      import { ServerlessAdapter } from '@h4ad/serverless-adapter';
      import { ${adapter} } from '@h4ad/serverless-adapter/adapters/aws';
      import { ${name} } from '@h4ad/serverless-adapter/frameworks/${file}';
      import { DefaultHandler } from '@h4ad/serverless-adapter/handlers/default';
      import { PromiseResolver } from '@h4ad/serverless-adapter/resolvers/promise';
      import { app } from 'app';
      export const handler = ServerlessAdapter.new(app)
        .setFramework(new ${name}())
        .setHandler(new DefaultHandler())
        .setResolver(new PromiseResolver())
        .addAdapter(new ${adapter}())
        .build();`;
    },
  },
  {
    id: 'fastify-aws-lambda',
    name: '@fastify/aws-lambda',
    package: '@fastify/aws-lambda',
    kind: 'peer',
    frameworks: ['fastify'],
    code: ({ format }) => `
      import awsLambdaFastify from '@fastify/aws-lambda';
      import { app } from 'app';
      export const handler = awsLambdaFastify(app, { binaryMimeTypes: ['image/png', 'application/octet-stream']${format === 'alb' ? ', albMultiValueHeaders: true' : ''} });`,
  },
  {
    id: 'hono-aws-lambda',
    name: 'hono/aws-lambda',
    package: 'hono',
    kind: 'peer',
    frameworks: ['hono'],
    code: () => `
      import { handle } from 'hono/aws-lambda';
      import { app } from 'app';
      export const handler = handle(app);`,
  },
  {
    id: 'hand-written',
    name: 'a handler written by hand, no framework',
    kind: 'floor',
    frameworks: ['http'],
    code: () => `export { handler } from ${JSON.stringify(here('./floors/hand-written.mjs'))};`,
  },
  {
    id: 'bare',
    name: 'the framework called by itself',
    kind: 'floor',
    frameworks: Object.keys(FRAMEWORKS),
    code: ({ framework }) => `
      import { app } from 'app';
      import { bare${framework === 'hono' ? 'Fetch' : 'Listener'} } from ${JSON.stringify(here('./floors/bare.mjs'))};
      export const { prepare, handler } = bare${framework === 'hono' ? 'Fetch' : 'Listener'}(${{
        koa: 'app.callback()',
        fastify: '(req, res) => app.routing(req, res), app.ready()',
      }[framework] ?? 'app'});`,
  },
];

/** @param {string} framework */
export function contendersFor(framework) {
  return CONTENDERS.filter((contender) => contender.frameworks.includes(framework));
}
