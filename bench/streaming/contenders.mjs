import { fileURLToPath } from 'node:url';

const CONTENT = JSON.stringify(fileURLToPath(new URL('../apps/content.mjs', import.meta.url)));

/** The contenders that can stream, by framework. The bare platform is a handler that writes to Lambda's stream itself. */
export const STREAMING = {
  http: ['ours', 'platform'],
  express5: ['ours', 'serverless-adapter', 'platform'],
  koa: ['ours', 'serverless-adapter', 'platform'],
  fastify: ['ours', 'fastify-aws-lambda', 'serverless-adapter', 'platform'],
  hono: ['ours', 'hono-aws-lambda', 'platform'],
};

/** The code of a contender, as in `contenders.mjs`. */
export function streamingCode({ id, framework, runtime }) {
  switch (id) {
    case 'ours':
      return `
        import { serveModule } from ${JSON.stringify(`${runtime}/serve-module.mjs`)};
        import * as entry from 'app';
        export const handler = serveModule(entry, { file: 'src/app.ts' });`;
    case 'serverless-adapter': {
      const [file, name] = { koa: ['koa', 'KoaFramework'], fastify: ['fastify', 'FastifyFramework'] }[framework] ?? ['express', 'ExpressFramework'];
      return `
        import { ServerlessAdapter } from '@h4ad/serverless-adapter';
        import { ApiGatewayV2Adapter } from '@h4ad/serverless-adapter/adapters/aws';
        import { ${name} } from '@h4ad/serverless-adapter/frameworks/${file}';
        import { AwsStreamHandler } from '@h4ad/serverless-adapter/handlers/aws';
        import { DummyResolver } from '@h4ad/serverless-adapter/resolvers/dummy';
        import { app } from 'app';
        export const handler = ServerlessAdapter.new(app)
          .setFramework(new ${name}())
          .setHandler(new AwsStreamHandler())
          .setResolver(new DummyResolver())
          .addAdapter(new ApiGatewayV2Adapter())
          .build();`;
    }
    case 'fastify-aws-lambda':
      return `
        import { pipeline } from 'node:stream/promises';
        import awsLambdaFastify from '@fastify/aws-lambda';
        import { app } from 'app';
        const proxy = awsLambdaFastify(app, { payloadAsStream: true });
        export const handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
          const { meta, stream } = await proxy(event, context);
          await pipeline(stream, awslambda.HttpResponseStream.from(responseStream, meta));
        });`;
    case 'hono-aws-lambda':
      return `
        import { streamHandle } from 'hono/aws-lambda';
        import { app } from 'app';
        export const handler = streamHandle(app);`;
    default:
      return `
        import { STREAM_CHUNK, STREAM_CHUNKS } from ${CONTENT};
        export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
          const stream = awslambda.HttpResponseStream.from(responseStream, { statusCode: 200, headers: { 'content-type': 'application/octet-stream' } });
          for (let i = 0; i < STREAM_CHUNKS; i++) {
            if (!stream.write(STREAM_CHUNK)) {
              await new Promise((resolve) => stream.once('drain', resolve));
            }
          }
          stream.end();
        });`;
  }
}
