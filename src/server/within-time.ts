import { FulcrumError } from '../core/index.ts';
import type { ServerContext, ServerParts } from './server-context.ts';

/** Does work that ends with the request, and no later than the config allows. Throws `request-slow`. */
export async function withinTime<Result>(
  context: ServerContext,
  { project }: Pick<ServerParts, 'project'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const seconds = project.config.serve.timeoutSeconds;
  const late = AbortSignal.timeout(seconds * 1000);
  try {
    return await work(AbortSignal.any([late, context.req.raw.signal]));
  } catch (error) {
    if (late.aborted) throw new FulcrumError('request-slow', { seconds }, { cause: error });
    throw error;
  }
}
