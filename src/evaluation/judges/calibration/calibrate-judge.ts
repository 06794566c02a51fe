import { FulcrumError } from '../../../core/index.ts';
import { cohenKappa } from '../../metrics/classification/agreement.ts';
import type { ScoreRow } from '../../score-row.ts';
import { type MeanInterval, meanInterval } from '../../statistics/mean-interval.ts';
import type { JudgeLabel } from './judge-labels.ts';
import { type PoweredDifference, predictionPoweredDifference } from './prediction-powered.ts';
import {
  type CorrectedRate,
  informedness,
  type JudgeCounts,
  leastInformedness,
  roganGladen,
} from './rogan-gladen.ts';

/** A judge against people, on the answers of one variant or of all. */
export interface JudgeAgreement {
  /** Null: all variants together. */
  readonly variant: string | null;
  readonly labels: number;
  /** Share of the good answers that the judge calls good, with a 95 % interval clustered by group. */
  readonly sensitivity: MeanInterval;
  /** Share of the bad answers that the judge calls bad. */
  readonly specificity: MeanInterval;
  /** Cohen's kappa; null where one side gave one verdict only. */
  readonly kappa: number | null;
  /** Share of answers that the judge calls good, over all that it judged. */
  readonly judgedRate: number | null;
  readonly judged: number;
  /** That share with the judge's errors taken out; null where `refused` says why. */
  readonly corrected: CorrectedRate | null;
  readonly refused: string | null;
}

/** A calibration of a judge. */
export interface Calibration {
  readonly metric: string;
  /** A score from here on counts as "good". */
  readonly threshold: number;
  readonly agreement: readonly JudgeAgreement[];
  /** Per pair of variants: the first minus the second as people would see it. */
  readonly differences: readonly ({ readonly a: string; readonly b: string } & PoweredDifference)[];
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

export interface CalibrateOptions {
  /** Judge's scores, higher being better, of one metric. */
  readonly rows: readonly ScoreRow[];
  readonly labels: readonly JudgeLabel[];
  readonly metric: string;
  /** .5 by default. */
  readonly threshold?: number | undefined;
}

interface JudgedRow {
  readonly sample: string;
  readonly variant: string;
  readonly group: string;
  readonly good: boolean;
  readonly value: number;
  readonly label: boolean | null;
  readonly probability: number | null;
}

/** Compares a judge with labels. Throws `labels-too-few` when none belongs to an answer that was judged. */
export function calibrateJudge(options: CalibrateOptions): Calibration {
  const { labels, metric, threshold = 0.5 } = options;
  const scores = options.rows.filter((row) => row.metric === metric);
  const judged = joinLabels(scores, labels, threshold);
  const variants = [...new Set(judged.map(({ variant }) => variant))].sort();
  const used = judged.filter(({ label }) => label !== null).length;
  if (used === 0)
    throw new FulcrumError('labels-too-few', {
      problem: `none of ${labels.length} belongs to a judged answer.`,
    });
  const groups = variants.length > 1 ? [null, ...variants] : variants;
  const notes: string[] = [];
  const unscored = scores.length - judged.length;
  if (unscored > 0)
    notes.push(`${unscored} answers have no score of the judge and are left out: ${reasonsOf(scores)}.`);
  if (used < labels.length) notes.push(`${labels.length - used} labels belong to no judged answer.`);
  return {
    metric,
    threshold,
    agreement: groups.map((variant) =>
      agreementOf(variant, variant === null ? judged : judged.filter((row) => row.variant === variant)),
    ),
    differences: variants.flatMap((a, at) =>
      variants.slice(at + 1).flatMap((b) => differenceOf(a, b, judged, notes)),
    ),
    notes,
  };
}

/** `2 judge-timeout, 1 abstained`, by name. */
function reasonsOf(rows: readonly ScoreRow[]): string {
  const missing = rows.filter(({ value }) => value === null);
  const counts = Map.groupBy(missing, ({ cause, reason }) => cause ?? reason ?? 'not stated');
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, of]) => `${of.length} ${reason}`)
    .join(', ');
}

/** Scores with their labels; a label without a variant is that of the only one. */
function joinLabels(
  rows: readonly ScoreRow[],
  labels: readonly JudgeLabel[],
  threshold: number,
): JudgedRow[] {
  const variants = new Set(rows.map(({ variant }) => variant));
  if (variants.size > 1 && labels.some(({ variant }) => variant === undefined))
    throw new FulcrumError('labels-too-few', {
      problem: 'the scores are of several variants, so every label must name its variant.',
    });
  const [only = ''] = variants;
  const byKey = new Map(
    labels.map((label) => [JSON.stringify([label.sample, label.variant ?? only]), label]),
  );
  return rows.flatMap(({ sample, variant, group, value }) => {
    if (value === null) return [];
    const label = byKey.get(JSON.stringify([sample, variant]));
    return [
      {
        sample,
        variant,
        group: group ?? sample,
        value,
        good: value >= threshold,
        label: label?.label ?? null,
        probability: label?.probability ?? null,
      },
    ];
  });
}

function agreementOf(variant: string | null, rows: readonly JudgedRow[]): JudgeAgreement {
  const labelled = rows.filter((row) => row.label !== null);
  const share = (of: readonly JudgedRow[], right: boolean): MeanInterval =>
    meanInterval(
      of.map(({ good }) => (good === right ? 1 : 0)),
      of.map(({ group }) => group),
      0.95,
    );
  const good = labelled.filter(({ label }) => label);
  const bad = labelled.filter(({ label }) => !label);
  const counts: JudgeCounts = {
    good: good.length,
    goodFound: good.filter((row) => row.good).length,
    bad: bad.length,
    badFound: bad.filter((row) => !row.good).length,
  };
  const called = rows.filter((row) => row.good).length;
  const known = informedness(counts);
  return {
    variant,
    labels: labelled.length,
    sensitivity: share(good, true),
    specificity: share(bad, false),
    kappa: cohenKappa(
      labelled.map((row) => Number(row.good)),
      labelled.map(({ label }) => Number(label)),
    ),
    judgedRate: rows.length === 0 ? null : called / rows.length,
    judged: rows.length,
    corrected: roganGladen(called, rows.length, counts),
    refused:
      known === null
        ? `needs labels of both kinds (${counts.good} good, ${counts.bad} bad)`
        : known < leastInformedness
          ? `sensitivity + specificity - 1 is ${known.toFixed(2)}, under ${leastInformedness}: the judge knows too little`
          : null,
  };
}

/** The powered difference of two variants on the samples that both answered; none where no sample has both labels. */
function differenceOf(a: string, b: string, rows: readonly JudgedRow[], notes: string[]) {
  const other = new Map(rows.filter(({ variant }) => variant === b).map((row) => [row.sample, row]));
  const pairs = rows.flatMap((row) => {
    const paired = row.variant === a ? other.get(row.sample) : undefined;
    return paired ? [{ row, paired }] : [];
  });
  const both = pairs.filter(({ row, paired }) => row.label !== null && paired.label !== null);
  const single = pairs.filter(({ row, paired }) => (row.label === null) !== (paired.label === null)).length;
  if (single > 0)
    notes.push(`${single} samples have a label for only one of ${a} and ${b}; they count as not labelled.`);
  const uniform = both.length / pairs.length;
  const found = predictionPoweredDifference(
    pairs.map(({ row, paired }) => ({
      judged: row.value - paired.value,
      labelled: row.label === null || paired.label === null ? null : Number(row.label) - Number(paired.label),
      probability: row.probability ?? paired.probability ?? uniform,
      group: row.group,
    })),
  );
  if (both.length > 0 && both.every(({ row }) => row.probability === null))
    notes.push(
      `Labels of ${a} and ${b} carry no probability; each sample is taken to be as likely to have been chosen.`,
    );
  return found ? [{ a, b, ...found }] : [];
}
