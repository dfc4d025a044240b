import { DoorRequest, HeaderList } from './front-door';
import { headerOf } from './request-parts';

/** The CORS settings of a Function URL or an HTTP API, which have the same names. */
export interface CorsSettings {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly AllowCredentials?: boolean;
  /** Seconds. */
  readonly MaxAge?: number;
}

/** A door with CORS settings answers preflight requests itself; the function never sees them. */
export function isPreflight(cors: CorsSettings | undefined, request: DoorRequest): cors is CorsSettings {
  return cors !== undefined
    && request.method === 'OPTIONS'
    && headerOf(request, 'origin') !== undefined
    && headerOf(request, 'access-control-request-method') !== undefined;
}

/**
 * Renders the headers that the settings add to preflight and other responses. They replace the function's own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function renderCorsHeaders(cors: CorsSettings | undefined, request: DoorRequest): HeaderList {
  const origin = headerOf(request, 'origin');
  const origins = cors?.AllowOrigins ?? [];
  if (!cors || origin === undefined || !origins.some((allowed) => allowed === '*' || allowed === origin)) return [];
  const headers: [string, string | undefined][] = [
    ['access-control-allow-origin', origins.includes('*') && !cors.AllowCredentials ? '*' : origin],
    ['access-control-allow-credentials', cors.AllowCredentials ? 'true' : undefined],
    ['access-control-expose-headers', cors.ExposeHeaders?.join(',')],
  ];
  if (isPreflight(cors, request)) {
    headers.push(
      ['access-control-allow-methods', cors.AllowMethods?.join(',')],
      ['access-control-allow-headers', cors.AllowHeaders?.join(',')],
      ['access-control-max-age', cors.MaxAge === undefined ? undefined : String(cors.MaxAge)],
    );
  }
  return headers.filter((header): header is [string, string] => header[1] !== undefined);
}

/** Replaces the function's CORS headers with those of the settings, if there are settings. */
export function withCors(headers: HeaderList, cors: CorsSettings | undefined, request: DoorRequest): HeaderList {
  if (!cors) return headers;
  return [...headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-')), ...renderCorsHeaders(cors, request)];
}
