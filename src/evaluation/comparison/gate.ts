import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';
import { compareVariants } from './compare-variants.ts';
import { armCountsSchema, verdictSchema } from './comparison.ts';
import { clustersSuffice, fewestClusters, fewestEffectiveClusters } from './simultaneous-bounds.ts';

const count = z.number().int().nonnegative();

/** What `eval gate --json` prints. */
export const gateSchema = z.strictObject({
  /** `passed`: not worse by the margin or more. `worse`: certainly worse. `inconclusive`: neither can be said. */
  outcome: z.enum(['passed', 'worse', 'inconclusive']),
  metric: z.string(),
  margin: z.number(),
  confidence: z.number(),
  look: z.number().int().positive(),
  candidate: z.strictObject({ name: z.string(), mean: z.number() }),
  baseline: z.strictObject({ name: z.string(), mean: z.number() }),
  /** Mean of candidate - baseline over the matched samples; higher is better. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  verdict: verdictSchema,
  n: count,
  clusters: count,
  /** Clusters of one size that these are worth (Kish). */
  effectiveClusters: z.number().nonnegative(),
  /** Samples that would settle it where it is inconclusive; null otherwise, or where no number up to ten million would. */
  samplesNeeded: count.nullable(),
  excluded: z.array(armCountsSchema),
  warnings: z.array(z.string()),
});
export type Gate = z.infer<typeof gateSchema>;

export interface GateOptions {
  readonly candidate: { readonly name: string; readonly rows: readonly ScoreRow[] };
  readonly baseline: { readonly name: string; readonly rows: readonly ScoreRow[] };
  readonly metric: string;
  /** Largest loss that is accepted, in units of the metric, above 0. */
  readonly margin: number;
  readonly confidence?: number | undefined;
  readonly look?: number | undefined;
}

/**
 * Whether a candidate is not worse than a baseline by `margin` or more, read off the same simultaneous bounds as the
 * verdicts of `compareVariants`. Where those have too few clusters, or too unequal ones, it is inconclusive. Throws as `compareVariants` does.
 */
export function gate(options: GateOptions): Gate {
  const { candidate, baseline, metric, margin, confidence, look } = options;
  const named = (rows: readonly ScoreRow[], variant: string): ScoreRow[] =>
    rows.filter((row) => row.metric === metric).map((row) => ({ ...row, variant }));
  const comparison = compareVariants({
    rows: [...named(candidate.rows, 'candidate'), ...named(baseline.rows, 'baseline')],
    baseline: 'baseline',
    ...{ metric, margin, confidence, look },
  });
  const pair = comparison.comparisons[0];
  if (!pair) throw new FulcrumError('run-mismatch', { problem: 'there is nothing to compare.', metric });
  const meanOf = (name: string): number =>
    comparison.variants.find(({ variant }) => variant === name)?.mean ?? Number.NaN;
  const { clusters, effectiveClusters } = comparison;
  const enough = clustersSuffice({ count: clusters, effectiveCount: effectiveClusters });
  const outcome = !enough
    ? 'inconclusive'
    : pair.low > -margin
      ? 'passed'
      : pair.verdict === 'worse'
        ? 'worse'
        : 'inconclusive';
  return {
    outcome,
    metric,
    margin,
    confidence: comparison.confidence,
    look: comparison.look,
    candidate: { name: candidate.name, mean: meanOf('candidate') },
    baseline: { name: baseline.name, mean: meanOf('baseline') },
    difference: pair.difference,
    low: pair.low,
    high: pair.high,
    verdict: pair.verdict,
    n: comparison.n,
    clusters,
    effectiveClusters,
    samplesNeeded: outcome === 'inconclusive' ? pair.samplesNeeded : null,
    excluded: comparison.excluded.map((arm) => ({ ...arm })),
    warnings: comparison.warnings.map((warning) =>
      warning
        .replace(/^candidate:/, `${candidate.name}:`)
        .replace(/^baseline:/, `${baseline.name} (baseline):`),
    ),
  };
}

/** The outcome of a gate in one sentence with its figures. */
export function gateSentence(gate: Gate): string {
  const { candidate, baseline, metric, margin, difference, low, high, n, confidence } = gate;
  const figures = `${metric} ${decimals(candidate.mean)} against ${decimals(baseline.mean)}, difference ${signed(difference)} [${signed(low)}, ${signed(high)}] on ${n} samples, ${confidence * 100} % together`;
  const against = `${candidate.name} against ${baseline.name}`;
  if (gate.outcome === 'passed') return `Passed: ${against} is not worse by ${margin} or more (${figures}).`;
  if (gate.outcome === 'worse') return `Not passed: ${against} is worse (${figures}).`;
  const settled = gate.samplesNeeded === null ? '' : `; about ${gate.samplesNeeded} samples would settle it`;
  const needed =
    gate.clusters < fewestClusters
      ? `verdicts need ${fewestClusters} independent groups of samples and there are ${gate.clusters}${settled}`
      : !clustersSuffice({ count: gate.clusters, effectiveCount: gate.effectiveClusters })
        ? `the groups are of very unequal size, worth about ${Math.floor(gate.effectiveClusters)} equal ones, and verdicts need ${fewestEffectiveClusters}${settled}`
        : gate.samplesNeeded === null
          ? 'no number of samples up to ten million would settle it with this margin'
          : `about ${gate.samplesNeeded} samples would settle it`;
  return `Not passed: inconclusive, ${against} could be worse by ${margin} or more (${figures}); ${needed}.`;
}

function decimals(value: number): string {
  return value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
