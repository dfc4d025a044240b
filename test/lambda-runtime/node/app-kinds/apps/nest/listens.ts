import { site } from './site.js';

async function bootstrap(): Promise<void> {
  const app = await site();
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
