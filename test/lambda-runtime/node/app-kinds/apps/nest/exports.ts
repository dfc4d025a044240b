import { site } from './site.js';

/** A promise of an app that is not initialized yet. */
export default site();
