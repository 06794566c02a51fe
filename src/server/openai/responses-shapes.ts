import { z } from '@hono/zod-openapi';
import { type Answer, FulcrumError } from '../../core/index.ts';
import type { Turn } from '../../variants/index.ts';
import { annotationsOf, shownText } from './chat-answer.ts';
import type { ChatQuestion } from './chat-shapes.ts';
import { ignoredOf } from './chat-shapes.ts';

const part = z.looseObject({ type: z.enum(['input_text', 'output_text', 'text']), text: z.string() });
const item = z.looseObject({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(part)]),
});

/** What is read of a request to the responses interface. */
export const responsesRequestShape = z
  .looseObject({
    model: z.string().min(1).openapi({ example: 'extract' }),
    input: z.union([z.string(), z.array(item).min(1).max(400)]),
    instructions: z.string().nullish(),
    stream: z.boolean().nullish(),
    tools: z.array(z.unknown()).nullish(),
    previous_response_id: z.string().nullish(),
    background: z.boolean().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .openapi('ResponsesRequest');

/** Throws `request-invalid` for what cannot be done: no question at the end, tools, what OpenAI would have kept. */
export function readResponses(request: z.infer<typeof responsesRequestShape>): ChatQuestion {
  if ((request.tools ?? []).length > 0)
    throw invalid('"tools" cannot be given: a variant answers by itself, as it was evaluated.');
  if (request.previous_response_id)
    throw invalid(
      '"previous_response_id" cannot be given: nothing is kept between requests. Send the earlier turns in "input".',
    );
  if (request.background) throw invalid('"background" cannot be true: the answer comes with the request.');
  const items =
    typeof request.input === 'string' ? [{ role: 'user' as const, content: request.input }] : request.input;
  const last = items.at(-1);
  if (last?.role !== 'user') throw invalid('The last item of "input" must be one of the role "user".');
  const input = textOf(last.content).trim();
  if (input === '') throw invalid('The last item of "input" is empty.');
  const turns = items.slice(0, -1).flatMap(({ role, content }): Turn[] => {
    const said = textOf(content);
    return said === '' || (role !== 'user' && role !== 'assistant') ? [] : [{ role, content: said }];
  });
  const instructed =
    Boolean(request.instructions) || items.some(({ role }) => role === 'system' || role === 'developer');
  return {
    input,
    turns,
    conversation: request.metadata?.conversation ?? null,
    ignored: [...(instructed ? ['instructions'] : []), ...ignoredOf(request)],
  };
}

const invalid = (problem: string): FulcrumError => new FulcrumError('request-invalid', { problem });

function textOf(content: z.infer<typeof item>['content']): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
}

/** The message of an answer, as an item of the output. */
export function outputItemOf(answer: Answer, trace: string) {
  return {
    type: 'message',
    id: `msg_${trace}`,
    status: 'completed',
    role: 'assistant',
    content: [outputTextOf(shownText(answer), answer)],
  };
}

/** Annotations are flat here, unlike in chat completions. */
export function outputTextOf(text: string, answer: Answer) {
  return {
    type: 'output_text',
    text,
    annotations: annotationsOf(answer).map(({ type, url_citation: cited }) => ({ type, ...cited })),
    logprobs: [],
  };
}

/** A response of the interface; without an answer one that is under way, or failed. */
export function responseOf(
  state: 'in_progress' | 'completed' | 'failed',
  about: { readonly model: string; readonly trace: string; readonly created: number },
  answer: Answer | null,
  error: { readonly code: string; readonly message: string } | null = null,
) {
  const usage = answer?.usage;
  return {
    id: `resp_${about.trace}`,
    object: 'response',
    created_at: about.created,
    status: state,
    model: about.model,
    output: answer ? [outputItemOf(answer, about.trace)] : [],
    error,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: false,
    temperature: null,
    top_p: null,
    tool_choice: 'none',
    tools: [],
    usage: usage
      ? {
          input_tokens: usage.inputTokens,
          input_tokens_details: { cached_tokens: usage.cachedInputTokens },
          output_tokens: usage.outputTokens,
          output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
          total_tokens: usage.inputTokens + usage.outputTokens,
        }
      : null,
  };
}
