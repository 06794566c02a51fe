import { z } from 'zod';

/**
 * Judgement of one sample. A failure to measure is never 0: `undefined` says why there is no number
 * (for example `no-gold`, `abstained`), `error` says what broke.
 */
export const scoreSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('scored'), value: z.number(), detail: z.unknown().optional() }),
  z.strictObject({ status: z.literal('undefined'), reason: z.string(), detail: z.unknown().optional() }),
  z.strictObject({ status: z.literal('error'), cause: z.string(), retryable: z.boolean() }),
]);
export type Score = z.infer<typeof scoreSchema>;

/** A measured score. */
export const scored = (value: number, detail?: unknown): Score =>
  detail === undefined ? { status: 'scored', value } : { status: 'scored', value, detail };

/** No number by definition; `reason` is a short kebab-case word. */
export const undefinedScore = (reason: string, detail?: unknown): Score =>
  detail === undefined ? { status: 'undefined', reason } : { status: 'undefined', reason, detail };

/** No number because measuring failed. */
export const errorScore = (cause: string, retryable = false): Score => ({
  status: 'error',
  cause,
  retryable,
});
