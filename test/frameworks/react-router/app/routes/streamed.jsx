import { Suspense } from 'react';
import { Await, useLoaderData } from 'react-router';

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, `after ${milliseconds} ms`));

export const loader = () => ({ first: after(400), second: after(1200) });

export default function Streamed() {
  const { first, second } = useLoaderData();
  return (
    <>
      <h1>at once</h1>
      {[first, second].map((slow, index) => (
        <Suspense key={index} fallback={<p>waiting</p>}><Await resolve={slow}>{(text) => <p className="late">{text}</p>}</Await></Suspense>
      ))}
    </>
  );
}
