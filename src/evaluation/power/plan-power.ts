import { z } from 'zod';
import { alphaForLook } from '../comparison/look-plan.ts';
import { clustersSuffice } from '../comparison/simultaneous-bounds.ts';
import { tUpper } from '../statistics/quantiles.ts';
import {
  type DifferenceSpread,
  detectableDifference,
  plannedPower,
  samplesToSettle,
} from '../statistics/sample-size.ts';
import { type VerdictChances, verdictChances } from './chance-of-verdict.ts';
import { textbookDetectable, textbookNeeded } from './textbook-power.ts';

/** Independent trials up to which chances are computed, since every pair of counts is gone through. */
const mostTrials = 1000;

const count = z.number().int().nonnegative();

/** `dataset power`. Differences are shares of 1; null means none, or more than ten million samples. */
export const powerPlanSchema = z.object({
  dataset: z.string().nullable(),
  split: z.string().nullable(),
  n: count,
  groups: count,
  /** Size of the group that an average sample is in (Kish). */
  typicalGroup: z.number(),
  /** Correlation of differences inside a group: assumed, not measured. */
  icc: z.number(),
  /** 1 + (typicalGroup - 1) * icc. */
  designEffect: z.number(),
  /** n / designEffect. */
  effectiveN: z.number(),
  variants: count,
  confidence: z.number(),
  power: z.number(),
  margin: z.number(),
  /** Whether there are groups enough (30, worth 15 of one size) for `compare` to give verdicts at all. */
  verdictPossible: z.boolean(),
  rows: z.array(
    z.object({
      /** Share of samples on which the two variants differ. */
      discordance: z.number(),
      /** As `compare` judges: all intervals at once, exact bounds. */
      compare: z.object({
        detectable: z.number().nullable(),
        /** Samples with which equal variants are shown equivalent within the margin, and a difference of the margin is shown. */
        needed: z.number().nullable(),
        neededGroups: z.number().nullable(),
        /**
         * Chance, with these samples, that a difference of the margin is shown, and that equal variants are shown equivalent; null
         * above 1,000 independent samples.
         */
        chanceDifferent: z.number().nullable(),
        chanceEquivalent: z.number().nullable(),
      }),
      /** One comparison, planned in advance, by the normal approximation; for setting beside other tools. */
      textbook: z.object({ detectable: z.number(), needed: z.number(), neededGroups: z.number() }),
    }),
  ),
});
export type PowerPlan = z.infer<typeof powerPlanSchema>;

export interface PowerQuestion {
  readonly dataset: string | null;
  readonly split: string | null;
  readonly n: number;
  readonly groups: number;
  /** `n / groups` where groups are of one size. */
  readonly typicalGroup: number;
  /** As in `ClusterLayout`; `n / typicalGroup` - 1 by default. */
  readonly degrees?: number | undefined;
  readonly icc: number;
  readonly discordances: readonly number[];
  readonly margin: number;
  /** Variants compared pairwise. */
  readonly variants: number;
  readonly confidence: number;
}

/**
 * What a test set of this size and structure can show. Uses the same bounds as `compare` at its first look, for yes/no scores
 * with the given discordance; and beside it the textbook approximation.
 */
export function planPower(question: PowerQuestion): PowerPlan {
  const { n, groups, typicalGroup, icc, margin, variants, confidence } = question;
  const designEffect = 1 + (typicalGroup - 1) * icc;
  const pairs = (variants * (variants - 1)) / 2;
  const tail = alphaForLook(1 - confidence, 1) / (variants + pairs) / 2;
  const inGroups = (needed: number | null): number | null =>
    needed === null ? null : Math.ceil((needed * groups) / n);
  return {
    dataset: question.dataset,
    split: question.split,
    n,
    groups,
    typicalGroup,
    icc,
    designEffect,
    effectiveN: n / designEffect,
    variants,
    confidence,
    power: plannedPower,
    margin,
    verdictPossible: clustersSuffice({ count: groups, effectiveCount: n / typicalGroup }),
    rows: question.discordances.map((discordance) => {
      const spread = spreadOf(discordance, designEffect, question, tail);
      const needed = samplesToSettle(spread, margin, tail);
      const trials = n * spread.trialsPerSample;
      const chances = (difference: number): VerdictChances | null =>
        trials > mostTrials
          ? null
          : verdictChances(
              trials,
              { discordance: Math.max(discordance, difference), difference, margin },
              tail,
            );
      const textbook = Math.ceil(textbookNeeded(discordance, margin, (1 - confidence) / 2) * designEffect);
      return {
        discordance,
        compare: {
          detectable: detectableDifference(spread, n, tail),
          needed,
          neededGroups: inGroups(needed),
          chanceDifferent: chances(margin)?.different ?? null,
          chanceEquivalent: chances(0)?.equivalent ?? null,
        },
        textbook: {
          detectable: textbookDetectable(discordance, n / designEffect, (1 - confidence) / 2),
          needed: textbook,
          neededGroups: Math.ceil((textbook * groups) / n),
        },
      };
    }),
  };
}

/** Spread of yes/no differences; few groups shorten the effective sample as in `effectiveSample`. */
function spreadOf(
  discordance: number,
  designEffect: number,
  { n, typicalGroup, degrees = n / typicalGroup - 1 }: PowerQuestion,
  tail: number,
): DifferenceSpread {
  const shrink = Math.min(1, (tUpper(tail, Math.max(n - 1, 1)) / tUpper(tail, Math.max(degrees, 1))) ** 2);
  return { variance: (discordance * designEffect) / shrink, trialsPerSample: shrink / designEffect };
}
