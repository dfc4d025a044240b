import { createServer } from 'node:http';
import { listener } from './site.cjs';

export const server = createServer(listener);
