import { createFileRoute, notFound, redirect } from '@tanstack/react-router';

export const Route = createFileRoute('/items/$id')({
  loader: ({ params: { id } }) => {
    if (id === 'none') throw notFound();
    if (id === 'broken') throw new Error('broken on purpose');
    if (id === 'moved') throw redirect({ to: '/items/$id', params: { id: '2' } });
    return { id };
  },
  headers: () => ({ 'x-from-route': 'yes' }),
  component: Item,
});

function Item() {
  return <><h1>Item {Route.useLoaderData().id}</h1><pre>{JSON.stringify(Route.useSearch())}</pre></>;
}
