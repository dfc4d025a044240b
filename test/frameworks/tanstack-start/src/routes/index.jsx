import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';

export const Route = createFileRoute('/')({ component: Home });

function Home() {
  const [count, setCount] = useState(0);
  return (
    <>
      <h1>TanStack Start</h1>
      <button id="count" onClick={() => setCount(count + 1)}>clicked {count}</button>
      <Link to="/items/$id" params={{ id: '1' }}>first item</Link> <Link to="/form">form</Link> <Link to="/streamed">streamed</Link>
    </>
  );
}
