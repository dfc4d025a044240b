import serverlessExpress from '@codegenie/serverless-express';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './module';

// As in https://docs.nestjs.com/faq/serverless
let server: ReturnType<typeof serverlessExpress>;

async function bootstrap(): Promise<typeof server> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.init();
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() });
}

export const handler = async (event: object, context: object) => {
  server = server ?? await bootstrap();
  return server(event, context as never, undefined as never);
};
