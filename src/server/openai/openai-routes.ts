import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { FulcrumError } from '../../core/index.ts';
import { newTraceId } from '../../monitoring/index.ts';
import type { ServedAnswer, ServedQuestion } from '../../serving/index.ts';
import { requireScope } from '../auth/authenticate.ts';
import { createPieces } from '../pieces.ts';
import { openAiError, publicError } from '../respond-error.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { withinTime } from '../within-time.ts';
import { annotationsOf, shownText, usageOf } from './chat-answer.ts';
import { chatRequestShape, readChat } from './chat-shapes.ts';

const errorResponses = {
  default: {
    description: 'What went wrong, in the shape of OpenAI’s interface.',
    content: {
      'application/json': {
        schema: z
          .object({
            error: z.object({
              message: z.string(),
              type: z.string(),
              param: z.null(),
              code: z.string(),
            }),
          })
          .openapi('OpenAIError'),
      },
    },
  },
} as const;

const chatRoute = createRoute({
  method: 'post',
  path: '/v1/chat/completions',
  tags: ['openai'],
  summary: 'The interface of OpenAI’s chat completions; "model" is a public name or a variant',
  description:
    'Instructions and sampling are those of the variant. What of the request has no effect is named in the header X-Fulcrum-Ignored.',
  request: { body: { required: true, content: { 'application/json': { schema: chatRequestShape } } } },
  responses: {
    200: {
      description: 'A chat completion, or chunks of one.',
      content: {
        'application/json': { schema: z.looseObject({ id: z.string() }).openapi('ChatCompletion') },
        'text/event-stream': { schema: z.string() },
      },
    },
    ...errorResponses,
  },
});

const modelShape = z
  .object({ id: z.string(), object: z.literal('model'), created: z.number(), owned_by: z.string() })
  .openapi('Model');
const modelsRoute = createRoute({
  method: 'get',
  path: '/v1/models',
  tags: ['openai'],
  summary: 'Public names and variants, as models',
  responses: {
    200: {
      description: 'All that can be named as "model".',
      content: {
        'application/json': { schema: z.object({ object: z.literal('list'), data: z.array(modelShape) }) },
      },
    },
    ...errorResponses,
  },
});

/** The interface that clients of OpenAI speak. */
export function addOpenAiRoutes(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  const { project, serving } = parts;
  app.openapi(modelsRoute, async (context) => {
    requireScope(context, 'ask');
    const names = (await serving.routes.list()).map(({ name }) => name);
    const variants = (await project.variants()).list().filter(({ deployable }) => deployable);
    const ids = [...new Set([...names, ...variants.map(({ name }) => name)])];
    const data = ids.map((id) => ({ id, object: 'model' as const, created: 0, owned_by: 'fulcrum' }));
    return context.json({ object: 'list' as const, data }, 200);
  });

  app.openapi(chatRoute, async (context) => {
    const { principal, key } = requireScope(context, 'ask');
    const request = context.req.valid('json');
    const { input, turns, conversation, ignored } = readChat(request);
    const trace = newTraceId();
    const question: ServedQuestion = {
      trace,
      door: 'chat-completions',
      target: request.model,
      input,
      turns,
      principal,
      key,
      conversation: conversation ?? context.req.header('x-fulcrum-conversation') ?? null,
    };
    context.header('X-Fulcrum-Trace', trace);
    if (ignored.length > 0) context.header('X-Fulcrum-Ignored', ignored.join(', '));
    const created = Math.floor(Date.now() / 1000);
    if (!request.stream) {
      const served = await withinTime(context, parts, (signal) =>
        serving.answering.answer({ ...question, signal }),
      );
      return context.json(completionOf(served, request.model, trace, created), 200);
    }
    return streamSSE(context, async (events) => {
      const chunk = (delta: object, finish: string | null, more: object = {}): Promise<void> =>
        events.writeSSE({
          data: JSON.stringify({
            id: `chatcmpl-${trace}`,
            object: 'chat.completion.chunk',
            created,
            model: request.model,
            choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
            ...more,
          }),
        });
      const aborted = new AbortController();
      events.onAbort(() => aborted.abort(new FulcrumError('cancelled')));
      let streamed = '';
      const pieces = createPieces((text) => chunk({ content: text }, null));
      try {
        await chunk({ role: 'assistant', content: '' }, null);
        const { answer } = await serving.answering.answer({
          ...question,
          signal: aborted.signal,
          onText(piece) {
            streamed += piece;
            pieces.push(piece);
          },
        });
        // What did not stream, or goes on after the stream, comes now.
        const text = shownText(answer);
        if (text.startsWith(streamed)) pieces.push(text.slice(streamed.length));
        await pieces.end();
        const annotations = annotationsOf(answer);
        await chunk(annotations.length > 0 ? { annotations } : {}, 'stop');
        if (request.stream_options?.include_usage)
          await events.writeSSE({
            data: JSON.stringify({
              id: `chatcmpl-${trace}`,
              object: 'chat.completion.chunk',
              created,
              model: request.model,
              choices: [],
              usage: usageOf(answer),
            }),
          });
      } catch (error) {
        await pieces.end();
        const known = publicError(error, context.get('requestId'), parts.onDefect);
        await events.writeSSE({ data: JSON.stringify({ error: openAiError(known) }) });
      }
      await events.writeSSE({ data: '[DONE]' });
    }) as never;
  });
}

/** A chat completion; its id names the trace, so that feedback needs nothing else. */
function completionOf({ answer }: ServedAnswer, model: string, trace: string, created: number) {
  return {
    id: `chatcmpl-${trace}`,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: shownText(answer),
          refusal: null,
          annotations: annotationsOf(answer),
        },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageOf(answer),
  };
}
