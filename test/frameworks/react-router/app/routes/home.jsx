import { useState } from 'react';
import { Link } from 'react-router';

export const meta = () => [{ title: 'React Router' }];

export default function Home() {
  const [count, setCount] = useState(0);
  return (
    <>
      <h1>React Router</h1>
      <button id="count" onClick={() => setCount(count + 1)}>clicked {count}</button>
      <Link to="/items/1?tag=a&tag=b">first item</Link> <Link to="/form">form</Link> <Link to="/streamed">streamed</Link>
    </>
  );
}
