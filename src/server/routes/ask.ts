import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { answerSchema, FulcrumError } from '../../core/index.ts';
import { newTraceId } from '../../monitoring/index.ts';
import type { ServedAnswer, ServedQuestion } from '../../serving/index.ts';
import { requireScope } from '../auth/authenticate.ts';
import { createPieces } from '../pieces.ts';
import { publicError } from '../respond-error.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { withinTime } from '../within-time.ts';
import { checkedFilter, errorResponses, filterShape, turnShape, wordsOf } from './ask-shapes.ts';

const requestShape = z
  .strictObject({
    question: z.string().min(1).max(20_000).openapi({ example: 'How do I stream text?' }),
    /** Public name or variant; that of the project by default. */
    model: z.string().min(1).optional().openapi({ example: 'extract' }),
    stream: z.boolean().default(false),
    turns: z.array(turnShape).max(200).optional(),
    filter: filterShape.optional(),
    context: z.record(z.string(), z.string()).optional(),
    /** Requests of one conversation get the same variant. */
    conversation: z.string().min(1).max(200).optional(),
  })
  .openapi('AskRequest');

const responseShape = answerSchema
  .omit({ contexts: true })
  .extend({
    variant: z.string(),
    /** Names the recorded request, for feedback. */
    trace: z.string(),
    /** Whether it is recorded; where not, feedback on it is refused. */
    traced: z.boolean(),
  })
  .openapi('AskResponse');

const route = createRoute({
  method: 'post',
  path: '/api/ask',
  tags: ['ask'],
  summary: 'Answer a question from the corpus, with verified citations',
  description:
    'With `"stream": true` the answer comes as server-sent events: `text` ({text}) for each piece, then `answer` (as without streaming) or `error`.',
  request: { body: { required: true, content: { 'application/json': { schema: requestShape } } } },
  responses: {
    200: {
      description: 'The answer; a refusal is one.',
      content: {
        'application/json': { schema: responseShape },
        'text/event-stream': { schema: z.string() },
      },
    },
    ...errorResponses,
  },
});

export function addAskRoute(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  app.openapi(route, async (context) => {
    const { principal, key } = requireScope(context, 'ask');
    const { question: input, model, stream, filter, ...rest } = context.req.valid('json');
    const question: ServedQuestion = {
      trace: newTraceId(),
      door: 'ask',
      target: model ?? parts.project.config.defaultVariant,
      input: wordsOf(input, 'question'),
      turns: rest.turns,
      context: rest.context,
      filter: await checkedFilter(parts, filter, principal),
      principal,
      key,
      conversation: rest.conversation ?? null,
    };
    context.header('X-Fulcrum-Trace', question.trace);
    const { answering } = parts.serving;
    if (!stream) {
      const served = await withinTime(context, parts, (signal) => answering.answer({ ...question, signal }));
      return context.json(responseOf(served, question.trace), 200);
    }
    return streamSSE(context, async (events) => {
      const pieces = createPieces((text) =>
        events.writeSSE({ event: 'text', data: JSON.stringify({ text }) }),
      );
      const aborted = new AbortController();
      events.onAbort(() => aborted.abort(new FulcrumError('cancelled')));
      try {
        const served = await answering.answer({ ...question, signal: aborted.signal, onText: pieces.push });
        await pieces.end();
        await events.writeSSE({ event: 'answer', data: JSON.stringify(responseOf(served, question.trace)) });
      } catch (error) {
        await pieces.end();
        const known = publicError(error, context.get('requestId'), parts.onDefect);
        await events.writeSSE({
          event: 'error',
          data: JSON.stringify({ error: { ...known.toJSON(), requestId: context.get('requestId') } }),
        });
      }
    }) as never;
  });
}

function responseOf({ answer, variant, traced }: ServedAnswer, trace: string): z.infer<typeof responseShape> {
  const { contexts: _contexts, ...rest } = answer;
  return { ...rest, variant, trace, traced };
}
