import { z } from 'zod';

/** A person's judgement of an answer, or of one citation of it. */
export const feedbackSchema = z
  .strictObject({
    /** Trace of the answer. */
    trace: z.string().regex(/^[0-9a-f]{32}$/),
    /** The citation that it is about, by its number in the answer; the whole answer where absent. */
    citation: z.number().int().positive().optional(),
    thumbs: z.enum(['up', 'down']).optional(),
    /** 1 (worst) to 5. */
    rating: z.number().int().min(1).max(5).optional(),
    /** Why, in one of the words that are counted. */
    reason: z.enum(['wrong', 'incomplete', 'not-found', 'outdated', 'unsafe', 'style', 'other']).optional(),
    comment: z.string().min(1).max(2000).optional(),
    /** What the answer should have been. */
    correction: z.string().min(1).max(20_000).optional(),
  })
  .refine(
    ({ thumbs, rating, reason, comment, correction }) =>
      [thumbs, rating, reason, comment, correction].some((part) => part !== undefined),
    'feedback needs "thumbs", "rating", "reason", "comment" or "correction"',
  );
export type Feedback = z.infer<typeof feedbackSchema>;

/** Feedback as it is kept. */
export interface StoredFeedback extends Feedback {
  /** Who gave it, as traces name users. */
  readonly author: string;
  readonly at: string;
}

/** What it is about: the same author on the same part again replaces what was said before. */
export function signalOf({ citation }: Pick<Feedback, 'citation'>): string {
  return citation === undefined ? 'answer' : `citation-${citation}`;
}
