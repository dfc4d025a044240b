const Hapi = require('@hapi/hapi');
const { setTimeout: sleep } = require('node:timers/promises');

exports.site = (options) => {
  const server = Hapi.server({ debug: false, ...options });
  server.state('a', { path: '/', isSecure: false, isHttpOnly: false, isSameSite: false });
  server.state('b', { path: '/', isSecure: false, isHttpOnly: true, isSameSite: 'Lax' });
  server.route([
    { method: 'GET', path: '/json', handler: ({ method, path, query }) => ({ method, path, query }) },
    { method: 'GET', path: '/cookies', options: { state: { parse: false } }, handler: ({ headers }, h) => h.response(`cookie: ${headers.cookie}`).state('a', '1').state('b', '2') },
    { method: 'GET', path: '/repeated', handler: ({ headers }, h) => h.response(`x-one: ${headers['x-one']}`).header('x-multi', 'one').header('x-multi', 'two', { append: true }) },
    { method: 'GET', path: '/client', handler: ({ info }) => ({ ip: info.remoteAddress, host: info.host }) },
    { method: 'GET', path: '/large', handler: () => '0123456789'.repeat(20_000) },
    { method: 'GET', path: '/redirect', handler: (_request, h) => h.redirect('/json') },
    {
      method: 'GET',
      path: '/error',
      handler: () => {
        throw new Error('sync');
      },
    },
    {
      method: 'GET',
      path: '/async-error',
      handler: async () => {
        await sleep(5);
        throw new Error('async');
      },
    },
    { method: 'POST', path: '/form', handler: ({ payload }, h) => h.response(payload).code(201) },
    { method: 'POST', path: '/upload', handler: ({ payload }, h) => h.response(payload).type('application/octet-stream') },
  ]);
  return server;
};
