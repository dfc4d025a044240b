import './global.css';

export const metadata = { title: 'Next behind a front door' };

export default function Layout({ children }) {
  return <html lang="en"><body><main>{children}</main></body></html>;
}
