import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';

async function greet(form) {
  'use server';
  const file = form.get('file');
  const bytes = file?.size > 0 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
  (await cookies()).set('greeted', `${form.get('name')}, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}`);
  redirect('/form');
}

export default async function Page() {
  const greeted = (await cookies()).get('greeted')?.value;
  return (
    <form action={greet}>
      <p id="greeted">{greeted ? `Hello ${greeted}` : 'Who are you?'}</p>
      <input name="name" /> <input type="file" name="file" /> <button id="send">send</button>
    </form>
  );
}
