import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { requireScope } from '../auth/authenticate.ts';
import type { ServerEnv, ServerParts } from '../server-context.ts';
import { withinTime } from '../within-time.ts';
import { openAiResponses, questionOf } from './openai-request.ts';
import {
  outputItemOf,
  outputTextOf,
  readResponses,
  responseOf,
  responsesRequestShape,
} from './responses-shapes.ts';
import { streamServed } from './stream-served.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/responses',
  tags: ['openai'],
  summary: 'The interface of OpenAI’s responses; "model" is a public name or a variant',
  description:
    'Nothing is kept between requests; earlier turns come in "input". What has no effect is named in the header X-Fulcrum-Ignored.',
  request: { body: { required: true, content: { 'application/json': { schema: responsesRequestShape } } } },
  responses: {
    200: {
      description: 'A response, or the events of one.',
      content: {
        'application/json': { schema: z.looseObject({ id: z.string() }).openapi('Response') },
        'text/event-stream': { schema: z.string() },
      },
    },
    ...openAiResponses,
  },
});

export function addResponsesRoute(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  app.openapi(route, async (context) => {
    const caller = requireScope(context, 'ask');
    const request = context.req.valid('json');
    const { model } = request;
    const question = questionOf(context, caller, 'responses', model, readResponses(request));
    const { trace } = question;
    const about = { model, trace, created: Math.floor(Date.now() / 1000) };
    if (!request.stream) {
      const { answer } = await withinTime(context, parts, (signal) =>
        parts.serving.answering.answer({ ...question, signal }),
      );
      return context.json(responseOf('completed', about, answer), 200);
    }
    return streamSSE(context, async (events) => {
      let sequence = 0;
      const tell = (type: string, more: object): Promise<void> =>
        events.writeSSE({
          event: type,
          data: JSON.stringify({ type, sequence_number: sequence++, ...more }),
        });
      const at = { item_id: `msg_${trace}`, output_index: 0, content_index: 0 };
      await tell('response.created', { response: responseOf('in_progress', about, null) });
      await tell('response.in_progress', { response: responseOf('in_progress', about, null) });
      const item = { type: 'message', id: at.item_id, status: 'in_progress', role: 'assistant', content: [] };
      await tell('response.output_item.added', { output_index: 0, item });
      const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
      await tell('response.content_part.added', { ...at, part });
      await streamServed(events, parts, context.get('requestId'), question, {
        piece: (delta) => tell('response.output_text.delta', { ...at, delta, logprobs: [] }),
        async end(answer, text) {
          const done = outputTextOf(text, answer);
          for (const [index, annotation] of done.annotations.entries())
            await tell('response.output_text.annotation.added', {
              ...at,
              annotation_index: index,
              annotation,
            });
          await tell('response.output_text.done', { ...at, text, logprobs: [] });
          await tell('response.content_part.done', { ...at, part: done });
          await tell('response.output_item.done', { output_index: 0, item: outputItemOf(answer, trace) });
          await tell('response.completed', { response: responseOf('completed', about, answer) });
        },
        failure: ({ code, message }) =>
          tell('response.failed', { response: responseOf('failed', about, null, { code, message }) }),
      });
    }) as never;
  });
}
