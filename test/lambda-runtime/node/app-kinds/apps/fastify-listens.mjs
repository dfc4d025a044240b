import { site } from './fastify-site.mjs';

const app = await site();
const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '0.0.0.0' });
app.log.info(address);
