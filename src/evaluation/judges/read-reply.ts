import type { z } from 'zod';
import { parseJsonReply } from '../json-reply.ts';
import type { JudgeFaultReason } from './judge-fault.ts';
import type { JudgeReply } from './judge-model.ts';

/** What a reply says, or why it is not believed. */
export type ReadReply<T> =
  | { readonly value: T }
  | { readonly fault: JudgeFaultReason; readonly problem: string };

/**
 * Reads a reply by its schema, and by nothing else (see `parseJsonReply`).
 */
export function readReply<T>(
  { text, finishReason }: Pick<JudgeReply, 'text' | 'finishReason'>,
  schema: z.ZodType<T>,
): ReadReply<T> {
  if (finishReason === 'content-filter')
    return { fault: 'judge-refused', problem: 'the reply was withheld by a filter' };
  let value: unknown;
  try {
    value = parseJsonReply(text);
  } catch {
    if (finishReason === 'length')
      return { fault: 'judge-truncated', problem: 'the reply was cut off at the limit of output tokens' };
    return { fault: 'judge-not-json', problem: `the reply is not JSON alone: ${excerpt(text)}` };
  }
  const read = schema.safeParse(value);
  if (read.success) return { value: read.data };
  const [issue] = read.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return { fault: 'judge-schema', problem: `"${path}" of the reply: ${issue?.message ?? 'not as asked'}` };
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line === '' ? 'it is empty' : `"${line.slice(0, 60)}${line.length > 60 ? '…' : ''}"`;
}
