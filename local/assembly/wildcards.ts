/** `*` stands for any characters and `?` for one, as in IAM's ArnLike and in a load balancer's conditions. */
export function matchesWildcards(pattern: string, value: string, options: { ignoreCase?: boolean } = {}): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, options.ignoreCase ? 'i' : '').test(value);
}
