import { z } from '@hono/zod-openapi';
import { newTraceId } from '../../monitoring/index.ts';
import type { Door, ServedQuestion } from '../../serving/index.ts';
import type { Caller, ServerContext } from '../server-context.ts';
import type { ChatQuestion } from './chat-shapes.ts';

/** Failures of every route here, in the shape that clients of OpenAI read. */
export const openAiResponses = {
  default: {
    description: 'What went wrong, in the shape of OpenAI’s interface.',
    content: {
      'application/json': {
        schema: z
          .object({
            error: z.object({ message: z.string(), type: z.string(), param: z.null(), code: z.string() }),
          })
          .openapi('OpenAIError'),
      },
    },
  },
} as const;

/** What is asked, with headers that name its trace and what of the request has no effect. */
export function questionOf(
  context: ServerContext,
  { principal, key }: Caller,
  door: Door,
  target: string,
  { input, turns, conversation, ignored }: ChatQuestion,
): ServedQuestion {
  const trace = newTraceId();
  context.header('X-Fulcrum-Trace', trace);
  if (ignored.length > 0) context.header('X-Fulcrum-Ignored', ignored.join(', '));
  const named = conversation ?? context.req.header('x-fulcrum-conversation') ?? null;
  return { trace, door, target, input, turns, principal, key, conversation: named };
}
