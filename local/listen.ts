import { Server } from 'node:http';

/**
 * Starts a server on a port, or on the next one that is free.
 *
 * @param port 0 for any free port
 */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (!error) return;
  if (error.code === 'EADDRINUSE' && port > 0 && port < 65_535) return listen(server, host, port + 1);
  throw new Error(`cannot listen on ${host}:${port}: ${error.message}`);
}
