import { AppSourceConfig } from './app-source-config';

/** The environment variables of a Node app in production. */
export const NODE_ENVIRONMENT: AppSourceConfig['environment'] = { NODE_ENV: 'production' };
