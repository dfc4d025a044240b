import { error, redirect } from '@sveltejs/kit';

export const load = ({ params, url }) => {
  if (params.id === 'none') error(404, 'There is no such item');
  if (params.id === 'broken') throw new Error('broken on purpose');
  if (params.id === 'moved') redirect(302, '/items/2');
  return { id: params.id, query: [...url.searchParams] };
};
