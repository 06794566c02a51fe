import { z } from 'zod';
import { answerSchema, costSchema, usageSchema } from '../../core/index.ts';

/** A part of the work for a request, in milliseconds from its start. */
export const spanSchema = z.strictObject({
  /** 16 hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Span that it is part of; null: of the request itself. */
  parent: z.string().nullable(),
  /** What was done, `retrieval`, `model`, `verification`. */
  name: z.string(),
  startMs: z.number().nonnegative(),
  endMs: z.number().nonnegative(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Span = z.infer<typeof spanSchema>;

/** What was asked and answered; taken away when a document is deleted that it tells of. */
export const traceContentSchema = z.strictObject({
  input: z.string(),
  /** Earlier turns that came with it. */
  turns: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() })).optional(),
  answer: z.string(),
  citations: answerSchema.shape.citations,
  contexts: answerSchema.shape.contexts,
});
export type TraceContent = z.infer<typeof traceContentSchema>;

/** A recorded request of production. */
export const traceSchema = z.strictObject({
  /** 32 hexadecimal digits, as OpenTelemetry has them. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** ISO time at which the request came. */
  at: z.string(),
  /** The door it came by. */
  door: z.enum(['ask', 'chat-completions', 'responses', 'mcp', 'shadow', 'imported']),
  tenant: z.string(),
  /** As "traces.principal" of the config says. */
  user: z.string(),
  /** Key that it was sent with; null for the person at the keyboard. */
  key: z.string().nullable(),
  conversation: z.string().nullable(),
  /** The public name that was asked for; null where a variant was named. */
  name: z.string().nullable(),
  variant: z.string(),
  /** sha256 of everything that the variant's answers depend on. */
  definitionHash: z.string(),
  /** Version of the searched index; null where nothing was searched. */
  indexVersion: z.string().nullable(),
  status: z.enum(['answered', 'refused', 'failed']),
  /** Reason of a refusal, or code of a failure. */
  reason: z.string().nullable(),
  usage: usageSchema,
  cost: costSchema,
  seconds: z.number().nonnegative(),
  /** Until the first piece of text was sent; null where it came in one piece. */
  firstTextSeconds: z.number().nonnegative().nullable(),
  confidence: z.number().nullable(),
  spans: z.array(spanSchema),
  /** Null where texts are not kept, or were erased. */
  content: traceContentSchema.nullable(),
  /** Deletion that took the content away. */
  erased: z.string().nullable(),
});
export type Trace = z.infer<typeof traceSchema>;
