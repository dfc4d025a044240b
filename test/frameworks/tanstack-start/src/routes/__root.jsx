import { createRootRoute, HeadContent, Outlet, Scripts } from '@tanstack/react-router';
import styles from '../app.css?url';

export const Route = createRootRoute({
  head: () => ({ meta: [{ charSet: 'utf-8' }, { title: 'TanStack Start' }], links: [{ rel: 'stylesheet', href: styles }] }),
  errorComponent: () => <h1>Something went wrong</h1>,
  component: () => (
    <html lang="en">
      <head><HeadContent /></head>
      <body><Outlet /><Scripts /></body>
    </html>
  ),
});
