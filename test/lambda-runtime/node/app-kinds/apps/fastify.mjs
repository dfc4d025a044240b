import { site } from './fastify-site.mjs';

/** An async factory. */
export default () => site();
