export default {
  output: 'standalone',
  // Next looks for lock files above the project too.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  redirects: async () => [{ source: '/old', destination: '/items/1', permanent: true }],
  headers: async () => [{ source: '/items/:id', headers: [{ key: 'x-from-config', value: 'yes' }] }],
};
