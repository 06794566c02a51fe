import {
  type Calibration,
  type JudgeAgreement,
  type MutationResult,
  type NoiseFloor,
  type PairwiseReport,
  reasonWithout,
  type SampleResult,
} from '../evaluation/index.ts';

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${(100 * value).toFixed(0)} %`;
const range = (low: number | null | undefined, high: number | null | undefined): string =>
  low === null || low === undefined || high === null || high === undefined
    ? ''
    : ` [${percent(low)}, ${percent(high)}]`;

/** What each metric overlooks, in sentences. */
export function mutationText(
  results: readonly MutationResult[],
  described: ReadonlyMap<string, string>,
): string {
  const lines: string[] = [];
  for (const metric of new Set(results.map((result) => result.metric))) {
    lines.push(`${metric}:`);
    for (const { mutation, n, missed, share, interval, without } of results.filter(
      (each) => each.metric === metric,
    )) {
      const what = described.get(mutation) ?? mutation;
      const found =
        share === null
          ? 'no answer to harm, or none with a score that could fall'
          : `misses ${percent(share)}${range(interval?.low, interval?.high)} (${missed} of ${n})`;
      const none = Object.entries(without).map(([reason, count]) => `${count} ${reason}`);
      lines.push(
        `  ${mutation.padEnd(10)} ${found}${none.length > 0 ? `; no score: ${none.join(', ')}` : ''}  (${what})`,
      );
    }
  }
  lines.push(
    '"Misses": the harmed answer scored no worse than the whole one. 95 % intervals by Wilson, by group.',
  );
  return lines.join('\n');
}

/** A judge against labels. */
export function calibrationText({ metric, threshold, agreement, differences, notes }: Calibration): string {
  return [
    `${metric}, "good" from ${threshold} on`,
    ...agreement.map(agreementLine),
    ...differences.map(
      ({ a, b, difference, low, high, labels, samples, weight }) =>
        `${a} - ${b}, as people would see it: ${signed(difference)} [${signed(low)}, ${signed(high)}] (prediction-powered: ${labels} labels of ${samples} samples, judge weighs ${weight.toFixed(2)})`,
    ),
    ...notes.map((note) => `Note: ${note}`),
    '95 % intervals, clustered by group.',
  ].join('\n');
}

function agreementLine({
  variant,
  labels,
  sensitivity,
  specificity,
  kappa,
  kappaInterval,
  judgedRate,
  judged,
  corrected,
  refused,
}: JudgeAgreement): string {
  const rate = corrected
    ? `corrected ${percent(corrected.rate)}${range(corrected.low, corrected.high)} (Rogan-Gladen)`
    : `not corrected: ${refused ?? 'nothing was judged'}`;
  return [
    `${variant ?? 'all variants'}: ${labels} labels;`,
    `sensitivity ${percent(sensitivity.mean)}${range(sensitivity.low, sensitivity.high)},`,
    `specificity ${percent(specificity.mean)}${range(specificity.low, specificity.high)},`,
    `kappa ${kappa === null ? '–' : `${kappa.toFixed(2)}${kappaInterval === null ? '' : ` [${kappaInterval.low.toFixed(2)}, ${kappaInterval.high.toFixed(2)}]`}`};`,
    `judged good ${percent(judgedRate)} of ${judged}, ${rate}`,
  ].join(' ');
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;

/** How far a judge disagrees with itself. */
export function noiseText(metric: string, noise: NoiseFloor | null): string {
  if (noise === null) return `${metric} gave no sample two scores.`;
  const { samples, repeats, flips, within, floor } = noise;
  return `${metric}: ${repeats} judgements of ${samples} answers. ${percent(flips)} of pairs give another verdict; standard deviation on one answer ${within.toFixed(3)}.\nDifferences of two means up to ${floor.toFixed(3)} are this judge's noise.`;
}

/** A blind comparison. */
export function pairwiseText(report: PairwiseReport, [a, b]: readonly [string, string]): string {
  const { n, wins, orderDependent, identical, errors, preference } = report;
  const faults = Object.entries(errors).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${n} samples: ${a} is better on ${wins.a}, ${b} on ${wins.b}, tie on ${wins.tie} (${identical} of them with the same words).`,
    `${orderDependent} depend on the order and count for neither${faults.length > 0 ? `; no verdict: ${faults.join(', ')}` : ''}.`,
    `Preference for ${a}: ${percent(preference.mean)}${range(preference.low, preference.high)} (50 %: none; 95 % interval, clustered by group).`,
  ].join('\n');
}

/** What the judges of a run said and what it took: for each of its judged metrics, result by result. */
export function createJudgedMetrics() {
  const found = new Map<string, JudgedMetric>();
  let of = 0;
  return {
    add(scores: SampleResult['scores']): void {
      of++;
      for (const [metric, score] of Object.entries(scores)) {
        if (!metric.includes('@') || /@\d+$/.test(metric)) continue;
        const own = found.get(metric) ?? { metric, scored: 0, reasons: {}, spent: { ...nothingSpent } };
        found.set(metric, own);
        addSpent(own, score);
        if (score.status === 'scored') own.scored++;
        else {
          const reason = reasonWithout(score);
          own.reasons[reason] = (own.reasons[reason] ?? 0) + 1;
        }
      }
    },
    metrics: () => [...found.values()].map((each) => ({ ...each, of })),
  };
}

interface JudgedMetric {
  readonly metric: string;
  scored: number;
  readonly reasons: Record<string, number>;
  readonly spent: Record<keyof typeof nothingSpent, number>;
}

const nothingSpent = { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0 };

function addSpent({ spent }: JudgedMetric, score: SampleResult['scores'][string]): void {
  const detail = 'detail' in score ? (score.detail as Partial<typeof nothingSpent> | undefined) : undefined;
  for (const key of ['calls', 'inputTokens', 'outputTokens', 'usd'] as const)
    spent[key] += detail?.[key] ?? 0;
}
