import * as path from 'node:path';
import { AppSource } from '../../src';

/** The app of all integration stacks, with the folder that it reads. */
export const entry = AppSource.node(path.join(__dirname, 'src/app.ts:server'), { assets: ['public'] });
