import { defineAction } from 'astro:actions';

export const server = {
  greet: defineAction({
    accept: 'form',
    handler: async (form, { cookies }) => {
      const file = form.get('file');
      const bytes = file?.size > 0 ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
      cookies.set('greeted', `${form.get('name')}, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}`, { path: '/' });
      return { bytes: bytes.length };
    },
  }),
};
