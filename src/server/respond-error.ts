import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { FulcrumError, toFulcrumError } from '../core/index.ts';
import type { ServerEnv, ServerParts } from './server-context.ts';

/** What a caller is told of a failure: the catalogue's words, and of a defect its request id alone. */
export function publicError(
  error: unknown,
  requestId: string,
  onDefect: ServerParts['onDefect'],
): FulcrumError {
  const known = error instanceof HTTPException ? fromHttp(error) : toFulcrumError(error);
  if (known.code !== 'internal') return known;
  onDefect(requestId, error);
  return new FulcrumError('internal', { problem: `request ${requestId}` });
}

/** Hono's own refusals, as of a body that is no JSON. */
function fromHttp(error: HTTPException): FulcrumError {
  if (error.status >= 500) return toFulcrumError(error);
  return new FulcrumError(
    'request-invalid',
    { problem: error.message || 'The request cannot be read.' },
    { cause: error },
  );
}

/** Seconds after which the same request may succeed; undefined where nobody knows. */
export function retryAfter({ data, retryable }: FulcrumError): string | undefined {
  return retryable && typeof data.seconds === 'number' ? String(Math.ceil(data.seconds)) : undefined;
}

export function respondError(parts: Pick<ServerParts, 'onDefect'>): ErrorHandler<ServerEnv> {
  return (error, context) => {
    const requestId = context.get('requestId');
    const known = publicError(error, requestId, parts.onDefect);
    const wait = retryAfter(known);
    if (wait !== undefined) context.header('Retry-After', wait);
    if (known.status === 401) context.header('WWW-Authenticate', 'Bearer');
    // The client is gone; the status reaches nobody.
    const status = (known.status === 499 ? 503 : known.status) as ContentfulStatusCode;
    if (new URL(context.req.url).pathname.startsWith('/v1/'))
      return context.json({ error: openAiError(known) }, status);
    return context.json({ error: { ...known.toJSON(), requestId } }, status);
  };
}

/** A failure in the shape that clients of OpenAI's interface read. */
export function openAiError(error: FulcrumError) {
  const { code, message, hint, status } = error;
  const type =
    status === 401
      ? 'authentication_error'
      : status === 403
        ? 'permission_error'
        : status === 429
          ? 'rate_limit_error'
          : status >= 500
            ? 'server_error'
            : 'invalid_request_error';
  return { message: hint ? `${message} ${hint}` : message, type, param: null, code };
}
