import { data, redirect, useLoaderData } from 'react-router';

export function loader({ params, request }) {
  const { id } = params;
  if (id === 'none') throw data('There is no such item', { status: 404 });
  if (id === 'broken') throw new Error('broken on purpose');
  if (id === 'moved') throw redirect('/items/2');
  return data({ id, query: [...new URL(request.url).searchParams] }, { headers: { 'x-from-loader': 'yes' } });
}

export const headers = ({ loaderHeaders }) => loaderHeaders;

export default function Item() {
  const { id, query } = useLoaderData();
  return <><h1>Item {id}</h1><pre>{JSON.stringify(query)}</pre></>;
}
