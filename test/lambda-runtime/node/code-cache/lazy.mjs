export default import.meta.url.split('/').at(-1);
