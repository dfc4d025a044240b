/**
 * Marks, as `pluginData`, what a plugin asks esbuild to resolve while it resolves. No plugin handles such a request: esbuild asks all of
 * them again, and they would ask each other without end.
 */
export const OWN_REQUEST = Symbol('own request');
