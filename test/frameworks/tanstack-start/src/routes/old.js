import { createFileRoute, redirect } from '@tanstack/react-router';

export const Route = createFileRoute('/old')({
  loader: () => { throw redirect({ to: '/items/$id', params: { id: '1' }, statusCode: 301 }); },
});
