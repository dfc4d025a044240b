import { cpSync, existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { MakeRequest } from './compare-requests';
import { assetRequests } from './requests';
import { OwnServer } from './site';
import { SentRequest } from '../local/fixtures/http-client';

/** What is the same for all sites of a framework. */
export interface Framework {
  /** Starts its own server as its documentation does. */
  readonly own: OwnServer;
  /** The files that the build made for browsers. */
  readonly assets: (folder: string) => Record<string, SentRequest>;
  /** Asks for the data of a page, as the framework's scripts do when a link is clicked. */
  readonly data?: (page: string) => SentRequest | MakeRequest;
}

export const FRAMEWORKS: Record<string, Framework> = {
  'next': {
    own: {
      // https://nextjs.org/docs/app/api-reference/config/next-config-js/output
      prepare: (folder) => {
        const standalone = path.join(folder, '.next/standalone');
        const own = path.join(folder, 'own-server');
        rmSync(own, { recursive: true, force: true });
        cpSync(standalone, own, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
        cpSync(path.join(folder, '.next/static'), path.join(own, '.next/static'), { recursive: true, preserveTimestamps: true });
        if (existsSync(path.join(folder, 'public'))) cpSync(path.join(folder, 'public'), path.join(own, 'public'), { recursive: true, preserveTimestamps: true });
        return own;
      },
      args: ['server.js'],
    },
    assets: (folder) => assetRequests(path.join(folder, '.next/static'), '/_next/static/'),
    // The router adds a key to the URL that is made of its headers. Next redirects requests without it to the URL that has it.
    data: (page) => async (ask) => {
      const headers: [string, string][] = [['RSC', '1']];
      const { location } = (await ask({ path: page, headers })).headers;
      return { path: location?.[0] ?? page, headers };
    },
  },
  'nuxt': {
    // https://nuxt.com/docs/getting-started/deployment
    own: { args: ['.output/server/index.mjs'] },
    assets: (folder) => assetRequests(path.join(folder, '.output/public/_nuxt'), '/_nuxt/'),
  },
  'sveltekit': {
    // https://svelte.dev/docs/kit/adapter-node
    own: { args: ['build'] },
    assets: (folder) => assetRequests(path.join(folder, 'build/client/_app'), '/_app/'),
    data: (page) => ({ path: `${page.replace(/\/$/, '')}/__data.json` }),
  },
  'astro': {
    // https://docs.astro.build/en/guides/integrations-guide/node/#standalone
    own: { args: ['dist/server/entry.mjs'] },
    assets: (folder) => assetRequests(path.join(folder, 'dist/client'), '/'),
  },
  'react-router': {
    // https://api.reactrouter.com/v7/modules/_react-router_serve.html
    own: { args: ['node_modules/@react-router/serve/bin.js', 'build/server/index.js'] },
    assets: (folder) => assetRequests(path.join(folder, 'build/client/assets'), '/assets/'),
    data: (page) => ({ path: page.replace(/^\/(?=\?|$)/, '/_root').replace(/\/?(\?|$)/, '.data$1') }),
  },
  'tanstack-start': {
    // https://tanstack.com/start/latest/docs/framework/react/guide/hosting
    own: { args: ['.output/server/index.mjs'] },
    assets: (folder) => assetRequests(path.join(folder, '.output/public/assets'), '/assets/'),
  },
};
