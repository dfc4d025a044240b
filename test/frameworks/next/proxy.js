import { NextResponse } from 'next/server';

export function proxy(request) {
  const { pathname } = request.nextUrl;
  if (pathname === '/rewritten') return NextResponse.rewrite(new URL('/items/7?from=proxy', request.url));
  if (pathname === '/redirected') return NextResponse.redirect(new URL('/items/8', request.url));
  const response = NextResponse.next();
  response.headers.set('x-from-proxy', pathname);
  response.cookies.set('seen', 'yes', { path: '/' });
  return response;
}

export const config = { matcher: ['/items/:path*', '/rewritten', '/redirected'] };
