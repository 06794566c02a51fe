import { z } from 'zod';
import type { TuningMessage } from '../tuning-row.ts';
import { problemOf, readChatMessages, readTools } from './chat-messages.ts';
import { isObject, type ReadRecord, type RowDraft, type RowFormat, textOf } from './row-format.ts';

/** `{"messages": […], "tools"?}`: OpenAI, Azure, Fireworks, Together, Mistral, TRL and most tools. */
export const openaiChat: RowFormat = {
  name: 'openai',
  description: '{"messages": [{"role", "content"}], "tools"?} with "weight" per turn',
  matches: (record) => Array.isArray(record.messages) && !('system' in record) && !('chosen' in record),
  read: (record) => chatRow(record.messages, record),
};

/** `{"system"?, "messages": […]}`: Claude on Amazon Bedrock. */
export const bedrock: RowFormat = {
  name: 'bedrock',
  description: '{"system"?, "messages": [{"role", "content"}]}: Claude and Nova on Amazon Bedrock',
  matches: (record) => Array.isArray(record.messages) && 'system' in record,
  read(record) {
    const system = systemText(record.system);
    if (system === null) return { problem: '"system" must be a text' };
    const read = chatRow(record.messages, record);
    return 'row' in read ? { row: withSystem(read.row, system) } : read;
  },
};

/** `{"systemInstruction"?, "contents": [{"role", "parts"}]}`: Gemini. */
export const gemini: RowFormat = {
  name: 'gemini',
  description: '{"systemInstruction"?, "contents": [{"role": "user" | "model", "parts": [{"text"}]}]}',
  matches: (record) => Array.isArray(record.contents),
  read(record) {
    const content = z.looseObject({
      role: z.string().optional(),
      parts: z.array(z.looseObject({ text: z.string() })).min(1),
    });
    const schema = z.looseObject({
      systemInstruction: content.optional(),
      contents: z.array(content).min(1),
    });
    const parsed = schema.safeParse(record);
    if (!parsed.success) return { problem: `${problemOf(parsed.error)} (only parts of text can be kept)` };
    const text = (each: z.infer<typeof content>): string => each.parts.map((part) => part.text).join('');
    const turns = parsed.data.contents.map((each) => ({ role: each.role ?? 'user', content: text(each) }));
    const read = chatRow(turns, record);
    const { systemInstruction } = parsed.data;
    return 'row' in read
      ? { row: withSystem(read.row, systemInstruction ? text(systemInstruction) : '') }
      : read;
  },
};

/** `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`: OpenAI, Azure, Fireworks, Together. */
export const openaiPreference: RowFormat = {
  name: 'openai-preference',
  description: '{"input": {"messages"}, "preferred_output": […], "non_preferred_output": […]}',
  matches: (record) => isObject(record.input) && 'preferred_output' in record,
  read(record) {
    const input = isObject(record.input) ? record.input : {};
    return preferenceRow(input.messages, record.preferred_output, record.non_preferred_output, {
      ...record,
      tools: input.tools,
    });
  },
};

/** `{"prompt"?, "chosen", "rejected"}`: TRL, as texts or as turns. */
export const trlPreference: RowFormat = {
  name: 'trl-preference',
  description: '{"prompt"?, "chosen", "rejected"}, each a text or turns',
  matches: (record) => 'chosen' in record && 'rejected' in record,
  read(record) {
    const { prompt, chosen, rejected } = record;
    const turns = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
    if (turns !== undefined) return preferenceRow(turns, asTurns(chosen), asTurns(rejected), record);
    // Both sides hold the whole conversation, which differs in its last turn.
    if (!Array.isArray(chosen)) return { problem: 'without "prompt", "chosen" and "rejected" must be turns' };
    return preferenceRow(
      chosen.slice(0, -1),
      chosen.slice(-1),
      Array.isArray(rejected) ? rejected.slice(-1) : rejected,
      record,
    );
  },
};

/** `{"prompt", "completion"}`: TRL, MLX, the older formats of OpenAI and Bedrock. */
export const promptCompletion: RowFormat = {
  name: 'prompt-completion',
  description: '{"prompt", "completion"} (or "response"), each a text or turns',
  matches: (record) => 'prompt' in record && ('completion' in record || 'response' in record),
  read(record) {
    const prompt =
      typeof record.prompt === 'string' ? [{ role: 'user', content: record.prompt }] : record.prompt;
    const completion = asTurns(record.completion ?? record.response);
    if (!Array.isArray(prompt) || !Array.isArray(completion))
      return { problem: '"prompt" and "completion" must be texts or turns' };
    return chatRow([...prompt, ...completion], record);
  },
};

/** A request with its response as OpenAI keeps and exports it, and as proxies log it. */
export const openaiLog: RowFormat = {
  name: 'openai-log',
  description:
    'stored completions and proxy logs: {"request"?: {"messages"}, "response"?: {"choices"}} or {"input", "output"}',
  matches: (record) =>
    (isObject(record.request) && isObject(record.response)) ||
    (isObject(record.response) && 'messages' in record) ||
    'choices' in record,
  read(record) {
    const request = isObject(record.request) ? record.request : record;
    const response = isObject(record.response) ? record.response : record;
    const choices = Array.isArray(response.choices) ? response.choices : [];
    const choice: unknown = choices[0];
    if (!isObject(choice) || !isObject(choice.message))
      return { problem: 'its response has no choice with a message' };
    if (choice.finish_reason === 'length')
      return { problem: 'its answer was cut off at the limit of tokens' };
    const messages = Array.isArray(request.messages) ? request.messages : record.messages;
    if (!Array.isArray(messages)) return { problem: 'its request has no messages' };
    const read = chatRow([...messages, choice.message], { ...record, tools: request.tools });
    const teacher = textOf(response.model) ?? textOf(request.model);
    return 'row' in read && teacher !== undefined ? { row: { ...read.row, teacher } } : read;
  },
};

/** Turns and what else any chat format may say of a row. */
function chatRow(turns: unknown, record: Readonly<Record<string, unknown>>): ReadRecord {
  const read = readChatMessages(turns);
  if ('problem' in read) return read;
  const tools = readTools(record.tools);
  if ('problem' in tools) return tools;
  const id = textOf(record.id);
  const group = textOf(record.group) ?? textOf(record.conversation_id);
  const label = textOf(record.label);
  return {
    row: {
      messages: read.messages,
      ...(id !== undefined && { id }),
      ...(group !== undefined && { group }),
      ...(label !== undefined && { label }),
      ...(tools.tools.length > 0 && { tools: tools.tools }),
    },
  };
}

function preferenceRow(
  turns: unknown,
  preferred: unknown,
  rejected: unknown,
  record: Readonly<Record<string, unknown>>,
): ReadRecord {
  if (!Array.isArray(turns) || !Array.isArray(preferred))
    return { problem: 'the prompt and the preferred answer must be turns' };
  const read = chatRow([...turns, ...preferred], record);
  if (!('row' in read)) return read;
  const worse = readChatMessages(rejected);
  if ('problem' in worse) return { problem: `the answer that is not preferred: ${worse.problem}` };
  const [only] = worse.messages;
  if (!only || worse.messages.length > 1 || only.toolCalls)
    return { problem: 'the answer that is not preferred must be one turn of text' };
  return { row: { ...read.row, rejected: only.content } };
}

function withSystem(row: RowDraft, system: string): RowDraft {
  if (system === '') return row;
  const turn: TuningMessage = { role: 'system', content: system };
  return { ...row, messages: [turn, ...row.messages] };
}

function systemText(value: unknown): string | null {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  const parts = z.array(z.looseObject({ text: z.string() })).safeParse(value);
  return parts.success ? parts.data.map(({ text }) => text).join('\n') : null;
}

function asTurns(value: unknown): unknown {
  return typeof value === 'string' ? [{ role: 'assistant', content: value }] : value;
}
