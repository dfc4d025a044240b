import { DoorRequest } from './front-door';
import { headerOf, splitQuery, splitTarget } from './request-parts';
import { matchesWildcards } from '../assembly/wildcards';

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
export function matchesConditions(conditions: readonly Record<string, any>[], request: DoorRequest): boolean {
  return conditions.every((condition) => matchesCondition(condition, request));
}

/** Returns the path patterns of a rule. A rule without a path condition matches every path. */
export function pathPatternsOf(conditions: readonly Record<string, any>[]): string[] {
  const condition = conditions.find(({ Field }) => Field === 'path-pattern');
  return condition?.PathPatternConfig?.Values ?? condition?.Values ?? ['/'];
}

function matchesCondition(condition: Record<string, any>, request: DoorRequest): boolean {
  const { path, query } = splitTarget(request.target);
  switch (condition.Field) {
    case 'path-pattern':
      return matchesAny(condition.PathPatternConfig?.Values ?? condition.Values, path, { ignoreCase: false });
    case 'host-header':
      return matchesAny(condition.HostHeaderConfig?.Values ?? condition.Values, (headerOf(request, 'host') ?? '').replace(/:\d+$/, ''), { ignoreCase: true });
    case 'http-request-method':
      return (condition.HttpRequestMethodConfig?.Values ?? []).includes(request.method);
    case 'http-header': {
      const { HttpHeaderName, Values } = condition.HttpHeaderConfig ?? {};
      const wanted = String(HttpHeaderName).toLowerCase();
      return request.headers.some(([name, value]) => name.toLowerCase() === wanted && matchesAny(Values, value, { ignoreCase: true }));
    }
    case 'query-string': {
      const wanted: { Key?: string; Value: string }[] = condition.QueryStringConfig?.Values ?? [];
      return splitQuery(query).some(([name, value]) => wanted.some(({ Key, Value }) =>
        matchesAny([Key ?? '*'], name, { ignoreCase: true }) && matchesAny([Value], value, { ignoreCase: true })));
    }
    default:
      // A source-ip condition cannot be checked for a client on this machine.
      return true;
  }
}

function matchesAny(patterns: readonly string[] = [], value: string, options: { ignoreCase: boolean }): boolean {
  return patterns.some((pattern) => matchesWildcards(pattern, value, options));
}
