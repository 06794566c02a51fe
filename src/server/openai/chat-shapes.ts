import { z } from '@hono/zod-openapi';
import { FulcrumError } from '../../core/index.ts';
import type { Turn } from '../../variants/index.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z.union([z.string(), z.array(textPart)]);

/** What is read of a request to the chat interface; other parameters are the variant's own, and named when they are ignored. */
export const chatRequestShape = z
  .looseObject({
    model: z.string().min(1).openapi({ example: 'extract' }),
    messages: z
      .array(
        z.discriminatedUnion('role', [
          z.looseObject({ role: z.enum(['system', 'developer']), content }),
          z.looseObject({ role: z.literal('user'), content }),
          z.looseObject({ role: z.literal('assistant'), content: content.nullish() }),
        ]),
      )
      .min(1)
      .max(400),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.number().nullish(),
    tools: z.array(z.unknown()).nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .openapi('ChatCompletionRequest');
export type ChatRequest = z.infer<typeof chatRequestShape>;

/** Parameters that change nothing here: a variant's settings were fixed when it was evaluated. */
const fixedByVariant = [
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'stop',
  'logit_bias',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'text',
];

/** Parameters of a request that have no effect. */
export function ignoredOf(request: Readonly<Record<string, unknown>>): string[] {
  return fixedByVariant.filter((name) => request[name] !== undefined && request[name] !== null);
}

/** A chat request as a question. */
export interface ChatQuestion {
  readonly input: string;
  readonly turns: readonly Turn[];
  readonly conversation: string | null;
  /** What of the request has no effect, for the header that says so. */
  readonly ignored: readonly string[];
}

/** Throws `request-invalid` for what cannot be done: no question at the end, several answers, tools. */
export function readChat(request: ChatRequest): ChatQuestion {
  const { messages } = request;
  const last = messages.at(-1);
  if (last?.role !== 'user') throw invalid('The last message must be one of the role "user".');
  const input = textOf(last.content).trim();
  if (input === '') throw invalid('The last message is empty.');
  if ((request.n ?? 1) !== 1) throw invalid('"n" must be 1: a variant gives one answer.');
  if ((request.tools ?? []).length > 0)
    throw invalid('"tools" cannot be given: a variant answers by itself, as it was evaluated.');
  const turns = messages.slice(0, -1).flatMap((message): Turn[] => {
    if (message.role !== 'user' && message.role !== 'assistant') return [];
    const said = textOf(message.content);
    return said === '' ? [] : [{ role: message.role, content: said }];
  });
  const instructed = messages.some(({ role }) => role === 'system' || role === 'developer');
  return {
    input,
    turns,
    conversation: request.metadata?.conversation ?? null,
    ignored: [...(instructed ? ['system'] : []), ...ignoredOf(request)],
  };
}

const invalid = (problem: string): FulcrumError => new FulcrumError('request-invalid', { problem });

function textOf(given: z.infer<typeof content> | null | undefined): string {
  if (given === null || given === undefined) return '';
  return typeof given === 'string' ? given : given.map(({ text }) => text).join('\n');
}
