import { Suspense } from 'react';
import { connection } from 'next/server';

async function Slow({ milliseconds }) {
  await connection();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return <p className="late">after {milliseconds} ms</p>;
}

export default function Page() {
  return (
    <>
      <h1>at once</h1>
      <Suspense fallback={<p>waiting for the first</p>}><Slow milliseconds={400} /></Suspense>
      <Suspense fallback={<p>waiting for the second</p>}><Slow milliseconds={1200} /></Suspense>
    </>
  );
}
