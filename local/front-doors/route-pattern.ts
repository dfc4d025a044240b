/** The match of a path with a pattern of literal parts, `{name}` for one part, and `{name+}` for all parts that follow. */
export interface RouteMatch {
  readonly pathParameters: Readonly<Record<string, string>>;
  /** A more specific pattern has a higher rank: API Gateway prefers literal parts, then variables, then greedy ones. */
  readonly rank: number;
}

/**
 * Returns the path that all patterns start with, with a slash at its end: the root of the app behind them.
 * Patterns of a load balancer may end with `*`.
 */
export function commonPath(patterns: readonly string[]): string {
  const fixed = patterns.map((pattern) => {
    const parts = pattern.replace(/\*$/, '').split('/').filter(Boolean);
    const variable = parts.findIndex((part) => /[{*?]/.test(part));
    return variable < 0 ? parts : parts.slice(0, variable);
  });
  const [first = [], ...others] = fixed;
  const different = first.findIndex((part, index) => others.some((parts) => parts[index] !== part));
  const common = different < 0 ? first : first.slice(0, different);
  return common.length > 0 ? `/${common.join('/')}/` : '/';
}

/**
 * Matches a path with a route's pattern. A greedy variable needs at least one part.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function matchRoute(pattern: string, path: string): RouteMatch | undefined {
  const expected = pattern.split('/').slice(1);
  const actual = path.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  let rank = 0;
  for (const [index, part] of expected.entries()) {
    const variable = /^\{([^}+]+)(\+?)\}$/.exec(part);
    if (variable?.[2]) {
      const rest = actual.slice(index).join('/');
      if (rest === '') return undefined;
      // Observed on AWS: the parameter does not have the path's trailing slash.
      return { pathParameters: { ...pathParameters, [variable[1]]: rest.replace(/\/$/, '') }, rank };
    }
    if (actual[index] === undefined || (variable && actual[index] === '') || (!variable && part !== actual[index])) return undefined;
    if (variable) {
      pathParameters[variable[1]] = actual[index];
    }
    rank += variable ? 10 : 100;
  }
  return actual.length === expected.length ? { pathParameters, rank: rank + 1 } : undefined;
}
