import { z } from 'zod';

/** A call of a tool by the assistant; `arguments` is an object here and becomes a JSON text where a vendor wants one. */
export const toolCallSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.record(z.string(), z.json()),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

/** One turn of a row. */
export const tuningMessageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  /** Empty only for an assistant's turn that consists of tool calls. */
  content: z.string(),
  toolCalls: z.array(toolCallSchema).min(1).optional(),
  /** The call that a turn of the role `tool` answers. */
  toolCallId: z.string().min(1).optional(),
  /** Whether an assistant's turn is trained on; by default the last one only. */
  trained: z.boolean().optional(),
});
export type TuningMessage = z.infer<typeof tuningMessageSchema>;

/** A tool that the model may call in a row. */
export const toolSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  /** JSON schema of its arguments. */
  parameters: z.record(z.string(), z.json()),
});
export type Tool = z.infer<typeof toolSchema>;

/** Where a row came from, so that what it was made of can be found and taken back. */
export const rowOriginSchema = z.strictObject({
  kind: z.enum(['file', 'dataset', 'log', 'human', 'teacher', 'feedback', 'code', 'canary']),
  /** Name of the file that it was read from, without its folder, and its line (from 1). */
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  /** Documents of the corpus whose words stand in it. */
  documents: z.array(z.string().min(1)).optional(),
  /** Rows that it was made from. */
  rows: z.array(z.string().min(1)).optional(),
  /** Sample of a dataset that it repeats. */
  sample: z.strictObject({ dataset: z.string(), id: z.string() }).optional(),
});
export type RowOrigin = z.infer<typeof rowOriginSchema>;

/** Part of the data a row belongs to: `validation` picks a checkpoint or a threshold, `test` is never trained on. */
export const tuningSplitSchema = z.enum(['train', 'validation', 'test']);
export type TuningSplit = z.infer<typeof tuningSplitSchema>;

/**
 * One labelled row in the one format that all importers write and all exporters and trainers read: a conversation whose
 * last turn is what the model should say.
 */
export const tuningRowSchema = z.strictObject({
  id: z.string().min(1),
  messages: z.array(tuningMessageSchema).min(1),
  /** For preference tuning: the last turn as it should not be. */
  rejected: z.string().optional(),
  tools: z.array(toolSchema).min(1).optional(),
  /** The class, where the task is to tell classes apart; the last turn then says it too. */
  label: z.string().min(1).optional(),
  /** JSON schema that the last turn satisfies. */
  schema: z.record(z.string(), z.json()).optional(),
  /** How often a row counts beside others, 1 by default. */
  weight: z.number().positive().max(100).optional(),
  /** Rows of one group (customer, conversation, page) stay on one side of every split. Default: the row itself. */
  group: z.string().min(1).optional(),
  /** Model that wrote the last turn; absent where a person did. */
  teacher: z.string().min(1).optional(),
  /** ISO 8601; for splits by time. */
  at: z.string().optional(),
  tags: z.array(z.string()).optional(),
  /** Reader tokens (`everyone`, `user:NAME`, `group:NAME`) that may see the row; absent: owners of the project only. */
  readers: z.array(z.string().min(1)).optional(),
  origin: rowOriginSchema,
  split: tuningSplitSchema.optional(),
});
export type TuningRow = z.infer<typeof tuningRowSchema>;

/** Text of the last user turn: what a classifier sees of a row. Empty where there is none. */
export function inputOf(row: Pick<TuningRow, 'messages'>): string {
  return row.messages.findLast(({ role }) => role === 'user')?.content ?? '';
}

/** The last turn, where the assistant's is last: what is learnt. */
export function targetOf(row: Pick<TuningRow, 'messages'>): TuningMessage | null {
  const last = row.messages.at(-1);
  return last?.role === 'assistant' ? last : null;
}
