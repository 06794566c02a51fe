import { z } from 'zod';

/** Seed of orders and positions where the config names none. */
export const defaultSeed = 1;

/** Config `evidence` as an object: the gold evidence among other passages. */
export const goldEvidenceSchema = z.strictObject({
  gold: z.literal(true),
  /**
   * What fills the prompt up to the length that it has with retrieved passages: `near` the retrieved passages
   * themselves (hard distractors), `far` passages that search ranks last of fifty (length alone).
   */
  fill: z.enum(['near', 'far']),
  /** Where the gold stands among the passages; `random` (the default) is drawn by seed and question. */
  position: z.enum(['first', 'last', 'random']).optional(),
  seed: z.number().int().nonnegative().optional(),
});
export type GoldEvidenceConfig = z.infer<typeof goldEvidenceSchema>;
