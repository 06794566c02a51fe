import { z } from 'zod';
import { crossFittedMean } from './choose-prompt.ts';
import { type MeasuredPrompt, meanScore, pairedDifference } from './measured-prompt.ts';
import { dimensions, nameSettings, promptSettingsSchema } from './prompt-settings.ts';
import type { SearchOutcome } from './search-prompts.ts';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative().nullable();
const pairSchema = z.strictObject({
  samples: count,
  difference: z.number(),
  standardError: z.number().nonnegative(),
  low: z.number(),
  high: z.number(),
});

/** What `tune prompt --json` prints. */
export const promptReportSchema = z.strictObject({
  variant: z.string(),
  dataset: z.string(),
  metric: z.string(),
  margin: z.number(),
  ended: z.enum(['searched', 'budget', 'most']),
  tried: z.array(
    z.strictObject({
      name: z.string(),
      settings: promptSettingsSchema,
      /** What was changed; null for the variant as it is. */
      dimension: z.enum(dimensions).nullable(),
      run: z.string(),
      n: count,
      mean: z.number().nullable(),
      inputTokens: z.number().nonnegative(),
      costPer1000Usd: amount,
      /** Against the leader at that time. */
      gain: pairSchema.nullable(),
      chosen: z.boolean(),
    }),
  ),
  chosen: promptSettingsSchema,
  /** What the variant becomes, for the config. */
  config: z.record(z.string(), z.json()),
  dev: z.strictObject({
    mean: z.number().nullable(),
    /** Chosen minus the variant as it is, which flatters: the choice was made by looking at these samples. */
    gain: pairSchema.nullable(),
    /** The choice scored on folds that had no part in it. */
    crossFitted: z.number().nullable(),
  }),
  /** Null where there is no test split, or none was wanted. */
  test: z
    .strictObject({
      mean: z.number().nullable(),
      start: z.number().nullable(),
      gain: pairSchema.nullable(),
      /** Mean on dev minus mean on test. */
      optimism: z.number().nullable(),
      runs: z.array(z.string()),
    })
    .nullable(),
  /**
   * Whether each of these settings is shown to bring less than the margin over the variant as it is. Every bound must succeed, so
   * the statement is wrong in at most 5 % although each bound has an error of 2.5 % (one more for the chosen settings' test).
   */
  exhausted: z.boolean(),
  notes: z.array(z.string()),
});
export type PromptReport = z.infer<typeof promptReportSchema>;

export interface ReportParts {
  readonly variant: string;
  readonly dataset: string;
  readonly metric: string;
  readonly margin: number;
  readonly outcome: SearchOutcome;
  readonly config: Readonly<Record<string, unknown>>;
  /** The variant as it is and the chosen one on the test split. */
  readonly test: { readonly start: MeasuredPrompt; readonly chosen: MeasuredPrompt } | null;
  readonly notes: readonly string[];
}

/** Puts the figures of a search together. */
export function reportPrompts({ outcome, test, config, notes, ...named }: ReportParts): PromptReport {
  const { steps, chosen, ended } = outcome;
  const start = steps[0]!.measured;
  const mean = meanScore(chosen.scores);
  const testMean = test && meanScore(test.chosen.scores);
  const testGain = test && pairedDifference(test.chosen.scores, test.start.scores);
  // The test split tells of the chosen settings alone; of the others only dev does, also where the variant as it is was chosen.
  const gains = steps
    .slice(1)
    .map(({ measured }) =>
      testGain && measured === chosen ? testGain : pairedDifference(measured.scores, start.scores),
    );
  return {
    ...named,
    ended,
    tried: steps.map(({ measured, dimension, gain }) => ({
      name: nameSettings(measured.settings),
      settings: measured.settings,
      dimension,
      run: measured.run,
      n: measured.scores.size,
      mean: meanScore(measured.scores),
      inputTokens: measured.inputTokens,
      costPer1000Usd: measured.costPer1000Usd,
      gain,
      chosen: measured === chosen,
    })),
    chosen: chosen.settings,
    config: z.record(z.string(), z.json()).parse(config),
    dev: {
      mean,
      gain: chosen === start ? null : pairedDifference(chosen.scores, start.scores),
      crossFitted: crossFittedMean(steps.map(({ measured }) => measured)),
    },
    test: test && {
      mean: testMean,
      start: meanScore(test.start.scores),
      gain: testGain,
      optimism: mean === null || testMean === null ? null : mean - testMean,
      runs: [...new Set([test.start.run, test.chosen.run])],
    },
    exhausted:
      ended === 'searched' &&
      gains.length > 0 &&
      gains.every((gain) => gain !== null && gain.high < named.margin),
    notes: [...notes],
  };
}
