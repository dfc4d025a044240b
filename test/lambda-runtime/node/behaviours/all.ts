import { asyncContext } from './async-context';
import { Behaviour } from './behaviour';
import { brokenConnections } from './broken-connections';
import { connection } from './connection';
import { informational } from './informational';
import { requestBody } from './request-body';
import { requestFacts } from './request-facts';
import { responseBody } from './response-body';
import { responseHead } from './response-head';
import { responseHeaders } from './response-headers';
import { responseState } from './response-state';
import { streams } from './streams';

/** All behaviours in which the runtime must match a plain server. */
export const ALL: readonly Behaviour[] = [
  ...requestFacts,
  ...requestBody,
  ...responseHead,
  ...responseHeaders,
  ...responseBody,
  ...responseState,
  ...streams,
  ...brokenConnections,
  ...connection,
  ...informational,
  ...asyncContext,
];
