import { notFound, redirect } from 'next/navigation';

export async function generateMetadata({ params }) {
  return { title: `Item ${(await params).id}` };
}

export default async function Page({ params, searchParams }) {
  const { id } = await params;
  if (id === 'none') notFound();
  if (id === 'moved') redirect('/items/2');
  if (id === 'broken') throw new Error('broken on purpose');
  return <><h1>Item {id}</h1><pre>{JSON.stringify(await searchParams)}</pre></>;
}
