// Longer than any build of this site is kept: a page that has become stale meanwhile is answered in another way by each server.
export const revalidate = 31_536_000;

export default function Page() {
  return <p id="rendered">rendered at {Date.now()}</p>;
}
