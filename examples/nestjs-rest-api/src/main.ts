import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { NotesModule } from './notes.module.js';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(NotesModule);
  await app.listen(process.env.PORT ?? 3000);
}

void bootstrap();
