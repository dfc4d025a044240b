import { site } from './site.js';

/** A promise of an app that nobody has initialized yet. */
export default site();
