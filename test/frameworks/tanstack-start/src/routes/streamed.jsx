import { Await, createFileRoute } from '@tanstack/react-router';
import { Suspense } from 'react';

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, `after ${milliseconds} ms`));

export const Route = createFileRoute('/streamed')({ loader: () => ({ first: after(400), second: after(1200) }), component: Streamed });

function Streamed() {
  const { first, second } = Route.useLoaderData();
  return (
    <>
      <h1>at once</h1>
      {[first, second].map((slow, index) => (
        <Suspense key={index} fallback={<p>waiting</p>}><Await promise={slow}>{(text) => <p className="late">{text}</p>}</Await></Suspense>
      ))}
    </>
  );
}
