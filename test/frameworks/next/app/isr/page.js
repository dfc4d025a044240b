export const revalidate = 3600;

export default function Page() {
  return <p id="rendered">rendered at {Date.now()}</p>;
}
