import { z } from 'zod';

/**
 * A piece of gold evidence: a document alone, a quote in it, or exact offsets `[start, end)` in UTF-16 code
 * units of its canonical text with the sha256 of that slice.
 */
export const evidenceSchema = z.strictObject({
  document: z.string().min(1),
  quote: z.string().min(1).optional(),
  start: z.number().int().nonnegative().optional(),
  end: z.number().int().positive().optional(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Degree of relevance, 1 by default. */
  grade: z.number().nonnegative().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Split a sample belongs to. */
export const splitNameSchema = z.enum(['train', 'dev', 'test']);
export type SplitName = z.infer<typeof splitNameSchema>;

/** One question of a dataset with what is known about its right answer. */
export const sampleSchema = z.strictObject({
  id: z.string().min(1),
  input: z.string().min(1),
  reference: z.string().optional(),
  references: z.array(z.string()).optional(),
  /** Each fact is a list of accepted literal forms. */
  facts: z.array(z.array(z.string().min(1)).min(1)).optional(),
  /** What the answer must not hold, each in any of its literal forms. */
  mustNot: z.array(z.array(z.string().min(1)).min(1)).optional(),
  /** Most words that a right answer may have, between white space. */
  maxWords: z.number().int().positive().optional(),
  answerable: z.boolean().default(true),
  label: z.string().optional(),
  evidence: z.array(evidenceSchema).optional(),
  /** Samples of one group (same page, same customer) are not independent. Default: the sample itself. */
  group: z.string().optional(),
  tags: z.array(z.string()).optional(),
  /** Documents that retrieval must not see for this sample; with its gold among them the right reaction is a refusal. */
  hiddenDocuments: z.array(z.string().min(1)).optional(),
  split: splitNameSchema.optional(),
});
export type Sample = z.infer<typeof sampleSchema>;
