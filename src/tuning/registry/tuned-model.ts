import { z } from 'zod';
import { costSchema } from '../../core/index.ts';

/** How far a tuned model has come; only one model of a name is `champion`. */
export const modelStageSchema = z.enum(['candidate', 'shadow', 'canary', 'champion', 'archived']);
export type ModelStage = z.infer<typeof modelStageSchema>;

/** What one check before promotion found. `passed` is null where it could not be measured, with the reason in `detail`. */
export const gateResultSchema = z.strictObject({
  gate: z.string().min(1),
  passed: z.boolean().nullable(),
  /** One sentence with the figure, its n and its interval. */
  detail: z.string(),
  figures: z.record(z.string(), z.number().nullable()),
  at: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

/** A reason to look at a model again; it stays until somebody answers it. */
export const modelFlagSchema = z.strictObject({
  reason: z.enum(['document-deleted', 'row-deleted', 'base-retires', 'readers-narrowed']),
  detail: z.string(),
  at: z.string(),
});
export type ModelFlag = z.infer<typeof modelFlagSchema>;

/** A tuned model with everything that it was made of. */
export const tunedModelSchema = z.strictObject({
  /** `NAME-N`, e.g. `intents-3`: the name of the job's data or `--name`, and a number that is never used again. */
  id: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*-\d+$/),
  name: z.string(),
  job: z.string(),
  provider: z.string(),
  method: z.enum(['classifier', 'query-projection', 'sft', 'dpo']),
  base: z.strictObject({ id: z.string(), revision: z.string(), license: z.string() }),
  /** The provider's name for it, such as `ft:…`; null where the weights are here. */
  providerModel: z.string().nullable(),
  /** Paths relative to the project's state folder. */
  artifacts: z.array(
    z.strictObject({
      format: z.enum(['peft', 'gguf-lora', 'head']),
      path: z.string(),
      sha256: z.string(),
      bytes: z.number().int().nonnegative(),
    }),
  ),
  data: z.strictObject({
    name: z.string(),
    version: z.number().int().positive(),
    hash: z.string(),
    splitHash: z.string(),
    trainRows: z.number().int().nonnegative(),
  }),
  /** System prompt that the rows were trained with, where it is one and the same; the variant sends it again. */
  instructions: z.string().nullable(),
  /** JSON schema of its answers, for decoding held to it. */
  outputSchema: z.record(z.string(), z.json()).nullable(),
  templateHash: z.string().nullable(),
  trainer: z.string(),
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.number().int(),
  cost: costSchema,
  /** Runs that compared it with its base, newest last. */
  evaluations: z.array(z.string()),
  gates: z.array(gateResultSchema),
  /** Day on which its base is withdrawn, YYYY-MM-DD; null where none is known. */
  retiresAt: z.string().nullable(),
  stage: modelStageSchema,
  /**
   * Who may ask it: one set of reader tokens for each distinct access list among its rows. A principal must have a token of every set;
   * rows without a list count as `group:owners`.
   */
  readers: z.array(z.array(z.string())),
  flags: z.array(modelFlagSchema),
  portability: z.enum(['none', 'adapter', 'full']),
  createdAt: z.string(),
});
export type TunedModel = z.infer<typeof tunedModelSchema>;
