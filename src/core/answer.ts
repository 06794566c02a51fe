import { z } from 'zod';
import { costSchema, usageSchema } from './usage.ts';

/** What is known about the claim that a citation stands behind. */
export const claimStateSchema = z.enum(['quoted', 'supported', 'unverified']);
export type ClaimState = z.infer<typeof claimStateSchema>;

/** A verified quote: `quote` equals `[start, end)` of the canonical text of that document version. */
export const citationSchema = z.strictObject({
  /** Number shown in the answer as `[1]`. */
  marker: z.number().int().positive(),
  documentId: z.string(),
  /** sha256 of the canonical text that was quoted. */
  version: z.string(),
  uri: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  quote: z.string(),
  state: claimStateSchema,
});
export type Citation = z.infer<typeof citationSchema>;

/** Why a question was not answered. */
export const refusalReasonSchema = z.enum([
  /** Nothing in the corpus was near enough to the question. */
  'not-in-corpus',
  /** Nothing is indexed, or nothing this principal may read. */
  'no-documents',
  /** The model itself declined. */
  'model-declined',
]);
export const refusalSchema = z.strictObject({ reason: refusalReasonSchema, detail: z.string().optional() });
export type Refusal = z.infer<typeof refusalSchema>;

/** A passage that the variant had before it when it answered. `text` is present for external pipelines only. */
export const contextSchema = z.strictObject({
  documentId: z.string().nullable(),
  start: z.number().int().nonnegative().nullable(),
  end: z.number().int().nonnegative().nullable(),
  score: z.number().nullable(),
  text: z.string().optional(),
  /**
   * What a language model was shown of it: the number of its passage in the prompt and exact spans of the document;
   * null where nothing of it fitted or counted. Absent where it is not known, or nothing was shown to a model.
   */
  shown: z
    .strictObject({
      passage: z.number().int().positive(),
      spans: z.array(
        z.strictObject({ start: z.number().int().nonnegative(), end: z.number().int().positive() }),
      ),
    })
    .nullable()
    .optional(),
});
export type Context = z.infer<typeof contextSchema>;

/** What a variant gives back for one input. */
export const answerSchema = z.strictObject({
  answer: z.string(),
  citations: z.array(citationSchema),
  /** Citations that did not verify and were removed. */
  removedCitations: z.number().int().nonnegative(),
  refusal: refusalSchema.nullable(),
  contexts: z.array(contextSchema),
  usage: usageSchema,
  cost: costSchema,
  /** Wall-clock seconds from question to last word. */
  seconds: z.number().nonnegative(),
  /**
   * What of `usage` and `seconds` nobody measured: its figures stand for nothing then. Only pipelines of others leave
   * something out; absent where both are measured.
   */
  unmeasured: z
    .array(z.enum(['usage', 'seconds']))
    .min(1)
    .optional(),
  /** The variant's own confidence in [0, 1], or null where it has none. */
  confidence: z.number().min(0).max(1).nullable(),
});
export type Answer = z.infer<typeof answerSchema>;
