import { NestFactory } from '@nestjs/core';
import serverless from 'serverless-http';
import { AppModule } from './module';

let serve: ReturnType<typeof serverless>;

async function bootstrap(): Promise<typeof serve> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.init();
  return serverless(app.getHttpAdapter().getInstance());
}

export const handler = async (event: object, context: object) => {
  serve = serve ?? await bootstrap();
  return serve(event, context);
};
