/** The URL of a listener. It names the port only if that is not the default port of the protocol. */
export function listenerUrl(secure: boolean, host: string, port: number, path: string = '/'): string {
  const defaultPort = secure ? 443 : 80;
  return `${secure ? 'https' : 'http'}://${host}${port === defaultPort ? '' : `:${port}`}${path}`;
}
