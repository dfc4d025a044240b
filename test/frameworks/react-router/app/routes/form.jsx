import { createCookie, data, Form, redirect, useActionData, useLoaderData } from 'react-router';

const cookie = createCookie('greeted', { path: '/' });

export const loader = async ({ request }) => ({ greeted: await cookie.parse(request.headers.get('cookie')) });

export async function action({ request }) {
  const form = await request.formData();
  const name = form.get('name');
  if (!name) return data({ missing: true }, { status: 400 });
  const file = form.get('file');
  const bytes = file?.size > 0 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
  const greeted = `${name}, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}`;
  return redirect('/form', { headers: { 'set-cookie': await cookie.serialize(greeted) } });
}

export default function Page() {
  const { greeted } = useLoaderData();
  const missing = useActionData()?.missing;
  return (
    <Form method="post" encType="multipart/form-data">
      <p id="greeted">{missing ? 'A name, please' : greeted ? `Hello ${greeted}` : 'Who are you?'}</p>
      <input name="name" /> <input type="file" name="file" /> <button id="send">send</button>
    </Form>
  );
}
