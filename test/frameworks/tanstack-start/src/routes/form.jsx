import { createFileRoute, redirect } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { getCookie, setCookie } from '@tanstack/react-start/server';

const load = createServerFn().handler(() => ({ greeted: getCookie('greeted') }));

const greet = createServerFn({ method: 'POST' }).validator((form) => form).handler(async ({ data: form }) => {
  const file = form.get('file');
  const bytes = file?.size > 0 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
  setCookie('greeted', `${form.get('name')}, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}`, { path: '/' });
  throw redirect({ to: '/form' });
});

export const Route = createFileRoute('/form')({ loader: () => load(), component: Page });

function Page() {
  const { greeted } = Route.useLoaderData();
  return (
    <form action={greet.url} method="post" encType="multipart/form-data">
      <p id="greeted">{greeted ? `Hello ${greeted}` : 'Who are you?'}</p>
      <input name="name" /> <input type="file" name="file" /> <button id="send">send</button>
    </form>
  );
}
