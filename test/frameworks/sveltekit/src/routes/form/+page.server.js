import { fail, redirect } from '@sveltejs/kit';

export const load = ({ cookies }) => ({ greeted: cookies.get('greeted') });

export const actions = {
  default: async ({ request, cookies }) => {
    const form = await request.formData();
    const name = form.get('name');
    if (!name) return fail(400, { missing: true });
    const file = form.get('file');
    const bytes = file?.size > 0 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
    cookies.set('greeted', `${name}, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}`, { path: '/' });
    redirect(303, '/form');
  },
};
