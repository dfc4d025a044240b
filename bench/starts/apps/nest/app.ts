import { NestFactory } from '@nestjs/core';
import { AppModule } from './module';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(3000);
}
void bootstrap();
