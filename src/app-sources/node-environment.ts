import { AppSourceConfig } from './app-source-config';

const SOURCE_MAPS = '--enable-source-maps';

/** The environment variables of a Node app in production. The option for source maps is added to the `NODE_OPTIONS` of the user. */
export function nodeEnvironment(ofUser: { [name: string]: string } = {}): Pick<AppSourceConfig, 'environment' | 'environmentOverrides'> {
  const { NODE_OPTIONS = '' } = ofUser;
  return {
    environment: { NODE_ENV: 'production' },
    environmentOverrides: {
      NODE_OPTIONS: NODE_OPTIONS.includes(SOURCE_MAPS) ? NODE_OPTIONS : [NODE_OPTIONS, SOURCE_MAPS].filter(Boolean).join(' '),
    },
  };
}
