import { FulcrumError } from '../../../core/index.ts';
import { cohenKappa } from '../../metrics/classification/agreement.ts';
import type { ScoreRow } from '../../score-row.ts';
import { agreementInterval } from '../../statistics/agreement-interval.ts';
import { type ClusterLayout, clusterLayout, weightedMean } from '../../statistics/cluster-layout.ts';
import { independentTrials } from '../../statistics/cluster-wilson.ts';
import { type MeanInterval, meanIntervalOf } from '../../statistics/mean-interval.ts';
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
  /**
   * Share of the good answers that the judge calls good, with a 95 % interval clustered by group. Labels count by 1 over the chance with
   * which they were chosen, here and in what follows.
   */
  readonly sensitivity: MeanInterval;
  /** Share of the bad answers that the judge calls bad. */
  readonly specificity: MeanInterval;
  /** Cohen's kappa; null where both sides gave one and the same verdict only. */
  readonly kappa: number | null;
  /** Its 95 % interval, clustered by group; null where kappa is. */
  readonly kappaInterval: { readonly low: number; readonly high: number } | null;
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

/** Error on each side of an interval. */
const tail = 0.025;

function agreementOf(variant: string | null, rows: readonly JudgedRow[]): JudgeAgreement {
  const labelled = rows.filter((row) => row.label !== null);
  const weights = labelWeights(labelled, rows.length);
  const good = judgedRight(labelled, weights, true);
  const bad = judgedRight(labelled, weights, false);
  const called = rows.map((row) => Number(row.good));
  const calledGood = called.reduce((sum, value) => sum + value, 0);
  const trials = independentTrials(called, clusterLayout(rows.map(({ group }) => group)));
  const counts: JudgeCounts = {
    good: good.trials,
    goodFound: good.trials * (good.interval.mean ?? 0),
    bad: bad.trials,
    badFound: bad.trials * (bad.interval.mean ?? 0),
  };
  const known = informedness(counts);
  return {
    variant,
    labels: labelled.length,
    sensitivity: good.interval,
    specificity: bad.interval,
    ...kappaOf(labelled, weights),
    judgedRate: rows.length === 0 ? null : calledGood / rows.length,
    judged: rows.length,
    corrected: roganGladen((trials * calledGood) / Math.max(1, rows.length), trials, counts),
    refused:
      known === null
        ? `needs labels of both kinds (${good.count} good, ${bad.count} bad)`
        : known < leastInformedness
          ? `sensitivity + specificity - 1 is ${known.toFixed(2)}, under ${leastInformedness}: the judge knows too little`
          : null,
  };
}

/**
 * How much a labelled row counts: 1 over the chance with which it was chosen, since rows that are labelled more often than others would
 * else count too much. Null where all count the same. Rows without a stated chance have the share that was labelled.
 */
function labelWeights(labelled: readonly JudgedRow[], judged: number): number[] | null {
  if (labelled.every(({ probability }) => probability === labelled[0]?.probability)) return null;
  return labelled.map(({ probability }) => 1 / (probability ?? labelled.length / judged));
}

/** On the rows that people called good (or bad): how often the judge says so too, and the independent labels they are worth. */
function judgedRight(labelled: readonly JudgedRow[], weights: readonly number[] | null, label: boolean) {
  const kept = [...labelled.keys()].filter((index) => labelled[index]!.label === label);
  const values = kept.map((index) => Number(labelled[index]!.good === label));
  const layout = layoutOf(labelled, weights, kept);
  return {
    count: kept.length,
    interval: meanIntervalOf(values, layout, tail, { low: 0, high: 1 }),
    trials: independentTrials(values, layout),
  };
}

function kappaOf(
  labelled: readonly JudgedRow[],
  weights: readonly number[] | null,
): Pick<JudgeAgreement, 'kappa' | 'kappaInterval'> {
  const judge = labelled.map((row) => Number(row.good));
  const people = labelled.map(({ label }) => Number(label));
  const kappa = cohenKappa(judge, people, null, undefined, weights ?? undefined);
  if (kappa === null) return { kappa, kappaInterval: null };
  const layout = layoutOf(labelled, weights, [...labelled.keys()]);
  const calls = weightedMean(judge, layout);
  const likes = weightedMean(people, layout);
  const chance = calls * (1 - likes) + likes * (1 - calls);
  const differ = judge.map((value, index) => Number(value !== people[index]));
  return { kappa, kappaInterval: agreementInterval(differ, layout, chance, tail) };
}

function layoutOf(
  labelled: readonly JudgedRow[],
  weights: readonly number[] | null,
  kept: readonly number[],
): ClusterLayout {
  return clusterLayout(
    kept.map((index) => labelled[index]!.group),
    weights && kept.map((index) => weights[index]!),
  );
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
