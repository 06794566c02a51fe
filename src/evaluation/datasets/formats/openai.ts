import { FulcrumError, type Sample } from '../../../core/index.ts';
import type { ReadSample } from '../read-samples.ts';
import type { FormatRead, FormatWritten } from './format.ts';
import { isRecord, readItems } from './json-items.ts';
import { acceptedAnswers, asReferences, countLosses } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';
import { sampleFromFields } from './sample-from-fields.ts';

/** A message with its text; parts that are not text are left out. */
interface Message {
  readonly role: string;
  readonly text: string;
}

/**
 * Reads chat lines `{"messages": […]}` as they are used for fine-tuning: the last assistant message is the reference, the
 * user message before it the input. System messages, earlier turns, tools and parts that are not text are lost.
 */
export async function readOpenAiChat(path: string): Promise<FormatRead> {
  return readLines(path, ['messages'], (record, lost) => {
    const messages = messagesOf(record.messages, lost);
    const last = messages.findLastIndex(({ role }) => role === 'assistant');
    const asked = messages.slice(0, last < 0 ? undefined : last);
    const reference = last < 0 ? undefined : messages[last]?.text;
    if (last >= 0 && last < messages.length - 1) lost.count('turns after the last answer');
    return { input: inputOf(asked, lost), ...(reference ? { reference } : {}) };
  });
}

/**
 * Reads lines of OpenAI evals, `{"input": messages or text, "ideal": text or list}`, also inside `item`. The last
 * user message is the input; system messages and earlier turns are lost.
 */
export async function readOpenAiEvals(path: string): Promise<FormatRead> {
  return readLines(path, ['input', 'ideal', 'item'], (outer, lost) => {
    const record = isRecord(outer.item) ? outer.item : outer;
    const { input, ideal } = record;
    if (record !== outer)
      for (const key of Object.keys(record))
        if (key !== 'input' && key !== 'ideal') lost.count(`item.${key}`);
    const answers = (Array.isArray(ideal) ? ideal : [ideal]).filter((answer) => typeof answer === 'string');
    return {
      input: typeof input === 'string' ? input : inputOf(messagesOf(input, lost), lost),
      ...asReferences(answers),
    };
  });
}

/** Accepted answers, or the label where there are none: what a model is to say. */
function wantedOutputs(sample: Sample): { answers: string[]; held: Set<string> } {
  const held = new Set(['input', 'reference', 'references']);
  const answers = acceptedAnswers(sample);
  if (answers.length > 0 || sample.label === undefined) return { answers, held };
  return { answers: [sample.label], held: held.add('label') };
}

/** Samples as chat lines: a user message and, where there is an accepted answer or a label, an assistant message. */
export function writeOpenAiChat(samples: readonly Sample[]): FormatWritten {
  const lost = createLossCounter();
  const lines = samples.map((sample) => {
    const { answers, held } = wantedOutputs(sample);
    countLosses(sample, held, lost);
    const [answer, ...others] = answers;
    if (others.length > 0) lost.count('references after the first');
    const reply = answer === undefined ? [] : [{ role: 'assistant', content: answer }];
    return JSON.stringify({ messages: [{ role: 'user', content: sample.input }, ...reply] });
  });
  return { files: [{ path: '', lines }], lost: lost.report(), leftOut: 0 };
}

/** Samples as lines of OpenAI evals. Those without an accepted answer or a label are left out. */
export function writeOpenAiEvals(samples: readonly Sample[]): FormatWritten {
  const lost = createLossCounter();
  const lines: string[] = [];
  for (const sample of samples) {
    const { answers, held } = wantedOutputs(sample);
    if (answers.length === 0) continue;
    countLosses(sample, held, lost);
    const input = [{ role: 'user', content: sample.input }];
    lines.push(JSON.stringify({ input, ideal: answers.length === 1 ? answers[0] : answers }));
  }
  return { files: [{ path: '', lines }], lost: lost.report(), leftOut: samples.length - lines.length };
}

async function readLines(
  path: string,
  known: readonly string[],
  fields: (record: Record<string, unknown>, lost: LossCounter) => Record<string, unknown>,
): Promise<FormatRead> {
  const lost = createLossCounter();
  const records: ReadSample[] = [];
  for await (const { number, value } of readItems(path)) {
    const read = isRecord(value)
      ? sampleFromFields(fields(value, lost), String(number))
      : { problem: 'not an object' };
    if ('problem' in read)
      throw new FulcrumError('record-invalid', { path, line: number, problem: read.problem });
    for (const key of Object.keys(value as object)) if (!known.includes(key)) lost.count(key);
    records.push({ sample: read.sample, line: number });
  }
  return { records, lost: lost.report(), leftOut: 0 };
}

/** Messages of a chat with their text; anything else gives none. */
export function messagesOf(value: unknown, lost: LossCounter): Message[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ role, type, content, tool_calls, function_call }) => {
    if (tool_calls || function_call) lost.count('tool calls');
    return { role: roleOf(role ?? type), text: contentText(content, lost) };
  });
}

function roleOf(role: unknown): string {
  if (role === 'human') return 'user';
  if (role === 'ai') return 'assistant';
  return String(role);
}

function contentText(content: unknown, lost: LossCounter): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.filter(isRecord).flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
  if (texts.length < content.length) lost.count('parts that are not text');
  return texts.join('\n');
}

/** Text of the last user message; what stands before it is counted as lost. */
export function inputOf(messages: readonly Message[], lost: LossCounter): string {
  const at = messages.findLastIndex(({ role }) => role === 'user');
  for (const [index, { role }] of messages.entries()) {
    if (index === at) continue;
    lost.count(role === 'system' || role === 'developer' ? 'system messages' : 'earlier turns');
  }
  return messages[at]?.text ?? '';
}
