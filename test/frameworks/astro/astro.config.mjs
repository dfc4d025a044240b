import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  redirects: { '/old': '/items/1' },
  // Packages become part of the build, so that dist/ is all that the server needs.
  vite: { ssr: { noExternal: true } },
});
