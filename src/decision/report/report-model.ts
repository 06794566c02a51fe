import {
  type ArmCounts,
  alphaForLook,
  type Comparison,
  compareSlices,
  compareVariants,
  type Description,
  describeComparison,
  type Flips,
  findFlips,
  type RiskCoverage,
  riskCoverage,
  type ScoreRow,
  type Slices,
  type Verdict,
  verdictOf,
  weighRows,
  winnersCurse,
} from '../../evaluation/index.ts';
import { costPer1000, priceRows } from '../cost.ts';
import { type ExplainedDecision, explainDecision } from '../decide.ts';
import { type FrontierPoint, frontierOf } from '../frontier.ts';
import { type ReportCosts, reportCosts } from './report-costs.ts';
import type { ReportBasis, ReportSurroundings } from './report-data.ts';
import type { ReportSettings } from './report-settings.ts';
import { decidedWith } from './settings-costing.ts';

/** A mean with its interval; null where nothing was scored. */
export interface ReportMean {
  readonly variant: string;
  readonly deployable: boolean;
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly costPer1000Usd: number | null;
}

/** A difference with its verdict. */
export interface ReportPair {
  readonly variant: string;
  readonly against: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: Verdict;
  readonly samplesNeeded: number | null;
}

/** Everything that a report says, computed from rows and settings alone: the same in the command line and in the page. */
export interface ReportModel {
  readonly basis: ReportBasis;
  readonly settings: ReportSettings;
  readonly n: number;
  readonly clusters: number;
  readonly statements: number;
  readonly confidenceOfLook: number;
  readonly means: readonly ReportMean[];
  readonly pairs: readonly ReportPair[];
  readonly arms: readonly ArmCounts[];
  readonly warnings: readonly string[];
  /** Null without a bar. */
  readonly explained: ExplainedDecision | null;
  /** Null without a bar. */
  readonly costs: ReportCosts | null;
  /** Null where a decision is explained, or there is one variant only. */
  readonly comparison: Comparison | null;
  readonly description: Description | null;
  readonly frontier: readonly FrontierPoint[];
  /** Null without a pair. */
  readonly closer: { readonly slices: Slices; readonly flips: Flips } | null;
  readonly risk: readonly RiskCoverage[];
}

/** What is computed for every setting: means, differences, verdicts, decision. */
type Judged = Pick<
  ReportModel,
  | 'n'
  | 'clusters'
  | 'statements'
  | 'confidenceOfLook'
  | 'means'
  | 'pairs'
  | 'arms'
  | 'warnings'
  | 'explained'
  | 'costs'
  | 'comparison'
>;

/** Computes a report. Throws what `compareVariants`, `explainDecision` and `reportCosts` throw. */
export function modelReport(
  given: readonly ScoreRow[],
  basis: ReportBasis,
  settings: ReportSettings,
  surroundings: ReportSurroundings = {},
): ReportModel {
  const rows = priceRows(weighRows(given, settings.weights), settings.prices);
  const judged =
    settings.bar === null || basis.sequential
      ? judgeComparison(rows, basis, settings)
      : judgeDecision(rows, basis, settings, surroundings);
  const shown = rows.filter((row) => judged.pairs.some((pair) => isOf(pair, row.variant)));
  const pair = closerPair(judged.pairs, settings.pair);
  const error = 1 - settings.confidence;
  const alpha = basis.sequential ? error : alphaForLook(error, basis.look, basis.plan);
  return {
    ...judged,
    basis,
    settings,
    description: judged.comparison && describeComparison(rows, judged.comparison),
    frontier: frontierOf(pricedMeans(judged)),
    closer: pair && {
      slices: compareSlices(shown, basis.metric, [pair], 1 - alpha),
      flips: findFlips(shown, basis.metric, ...pair),
    },
    risk: riskCoverage(rows, basis.metric, settings.confidence),
  };
}

/** What can be deployed; for a decision with all that its requests cost at the volume, fixed costs and hosting included. */
function pricedMeans({ means, explained }: Judged): readonly ReportMean[] {
  const deployable = means.filter((mean) => mean.deployable);
  if (!explained) return deployable;
  const { variants, volume } = explained.decision;
  return deployable.map((mean) => {
    const usd = variants.find(({ variant }) => variant === mean.variant)?.monthlyUsd ?? null;
    return { ...mean, costPer1000Usd: usd === null ? null : (usd / volume) * 1000 };
  });
}

function isOf({ variant, against }: { variant: string; against: string }, name: string): boolean {
  return name === variant || name === against;
}

/** The pair that was asked for, or the one that differs most. */
function closerPair(
  pairs: readonly ReportPair[],
  asked: ReportSettings['pair'],
): readonly [string, string] | null {
  if (asked && pairs.some((pair) => isOf(pair, asked[0]) && isOf(pair, asked[1]))) return asked;
  const [widest] = [...pairs].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  if (!widest) return null;
  return widest.difference < 0 ? [widest.against, widest.variant] : [widest.variant, widest.against];
}

function judgeComparison(rows: readonly ScoreRow[], basis: ReportBasis, settings: ReportSettings): Judged {
  const comparison = compareVariants({
    rows,
    metric: basis.metric,
    margin: settings.margin,
    confidence: settings.confidence,
    look: basis.look,
    plan: basis.plan,
    sequential: basis.sequential,
    baseline: basis.baseline ?? undefined,
  });
  return {
    n: comparison.n,
    clusters: comparison.clusters,
    statements: comparison.statements,
    confidenceOfLook: comparison.confidenceOfLook,
    means: comparison.variants.map((mean) => {
      const own = rows.filter((row) => row.variant === mean.variant);
      return {
        ...mean,
        deployable: own.every((row) => row.deployable !== false),
        costPer1000Usd: costPer1000(own),
      };
    }),
    pairs: comparison.comparisons,
    arms: comparison.excluded,
    warnings: [...comparison.warnings, ...winnersCurse(comparison)],
    explained: null,
    costs: null,
    comparison,
  };
}

function judgeDecision(
  rows: readonly ScoreRow[],
  basis: ReportBasis,
  settings: ReportSettings,
  { decided = {}, asideRows = [] }: ReportSurroundings,
): Judged {
  const given = decidedWith(decided, settings);
  const explained = explainDecision({
    ...given,
    rows: [...rows, ...asideRows],
    metric: basis.metric,
    bar: settings.bar ?? 0,
    volume: settings.volume,
    confidence: settings.confidence,
    look: basis.look,
    plan: basis.plan,
  });
  const { evidence, decision } = explained;
  const { bounds } = evidence;
  return {
    n: bounds?.layout.samples ?? 0,
    clusters: bounds?.layout.count ?? 0,
    statements: bounds?.statements ?? 0,
    confidenceOfLook: bounds?.confidenceOfLook ?? settings.confidence,
    means: decision.variants,
    pairs: (bounds?.pairs ?? []).map(({ variant, against, difference, low, high }) => {
      const verdict = evidence.enough ? verdictOf({ low, high }, decision.margin) : 'inconclusive';
      return { variant, against, difference, low, high, verdict, samplesNeeded: null };
    }),
    arms: evidence.arms,
    // What weakens a decision stands at the end of what to do next.
    warnings: [],
    explained,
    costs: reportCosts(explained, given.costing),
    comparison: null,
  };
}
