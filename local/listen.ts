import { Server } from 'node:net';

/**
 * Starts a server on a port.
 *
 * @param port 0 for any free port
 * @param what the server's name, for the error message
 * @throws when the port is taken, or cannot be used
 */
export async function listen(server: Server, host: string, port: number, what: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (!error) return;
  if (error.code === 'EADDRINUSE') {
    throw new Error(`port ${port} of ${what} is in use: another program listens on it, perhaps another 'serve'; end it, or choose other ports with --port-base`);
  }
  throw new Error(`cannot listen on ${host}:${port} for ${what}: ${error.message}`);
}
