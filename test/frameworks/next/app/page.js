import Image from 'next/image';
import Link from 'next/link';
import Counter from './counter';

export default function Page() {
  return (
    <>
      <h1>Next</h1>
      <Image src="/door.png" alt="a door" width={64} height={64} />
      <Counter />
      <Link href="/items/1?tag=a&tag=b">first item</Link> <Link href="/form">form</Link> <Link href="/streamed">streamed</Link>
    </>
  );
}
