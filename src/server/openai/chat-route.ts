import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { Answer } from '../../core/index.ts';
import { requireScope } from '../auth/authenticate.ts';
import { openAiError } from '../respond-error.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { withinTime } from '../within-time.ts';
import { annotationsOf, shownText, usageOf } from './chat-answer.ts';
import { chatRequestShape, readChat } from './chat-shapes.ts';
import { openAiResponses, questionOf } from './openai-request.ts';
import { streamServed } from './stream-served.ts';

const route = createRoute({
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
    ...openAiResponses,
  },
});

export function addChatRoute(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  app.openapi(route, async (context) => {
    const caller = requireScope(context, 'ask');
    const request = context.req.valid('json');
    const question = questionOf(context, caller, 'chat-completions', request.model, readChat(request));
    // The id names the trace, so that feedback needs nothing else.
    const head = {
      id: `chatcmpl-${question.trace}`,
      created: Math.floor(Date.now() / 1000),
      model: request.model,
    };
    if (!request.stream) {
      const { answer } = await withinTime(context, parts, (signal) =>
        parts.serving.answering.answer({ ...question, signal }),
      );
      return context.json({ ...head, object: 'chat.completion', ...completionOf(answer) }, 200);
    }
    return streamSSE(context, async (events) => {
      const tell = (chunk: object): Promise<void> =>
        events.writeSSE({ data: JSON.stringify({ ...head, object: 'chat.completion.chunk', ...chunk }) });
      const delta = (given: object, finish: string | null): Promise<void> =>
        tell({ choices: [{ index: 0, delta: given, logprobs: null, finish_reason: finish }] });
      await delta({ role: 'assistant', content: '' }, null);
      await streamServed(events, parts, context.get('requestId'), question, {
        piece: (text) => delta({ content: text }, null),
        async end(answer) {
          const annotations = annotationsOf(answer);
          await delta(annotations.length > 0 ? { annotations } : {}, 'stop');
          if (request.stream_options?.include_usage) await tell({ choices: [], usage: usageOf(answer) });
        },
        failure: (error) => events.writeSSE({ data: JSON.stringify({ error: openAiError(error) }) }),
      });
      await events.writeSSE({ data: '[DONE]' });
    }) as never;
  });
}

function completionOf(answer: Answer) {
  const message = {
    role: 'assistant',
    content: shownText(answer),
    refusal: null,
    annotations: annotationsOf(answer),
  };
  return {
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: usageOf(answer),
  };
}
