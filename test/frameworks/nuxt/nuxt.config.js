export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  telemetry: false,
  routeRules: {
    '/about': { prerender: true },
    '/cached': { swr: 3600 },
    '/old': { redirect: { to: '/items/1', statusCode: 301 } },
    '/items/**': { headers: { 'x-from-config': 'yes' } },
  },
});
