import type { ArmKind } from './arm-inputs.ts';
import type { Amount } from './figure.ts';

/** One term of the cost of an arm. */
export interface CostLine {
  readonly term: string;
  /** Group of the term. */
  readonly part: 'request' | 'retrieval' | 'hosting' | 'upfront' | 'maintenance';
  /** At the volume. */
  readonly usdPerMonth: Amount;
  /** How it is computed, in words and figures. */
  readonly formula: string;
}

/** What an arm costs at a volume. */
export interface ArmCost {
  readonly arm: string;
  readonly kind: ArmKind;
  readonly hypothetical: boolean;
  /** Requests a month. */
  readonly volume: number;
  readonly lines: readonly CostLine[];
  readonly perMonth: Amount;
  /** USD per 1,000 requests, fixed costs included; unknown at a volume of 0. */
  readonly per1000: Amount;
  /** (cost of a request + P(wrong) loss + P(refused) loss) / P(correct). */
  readonly perAccepted: Amount;
}

/** Volumes at which one arm is the cheapest. */
export interface Region {
  /** Requests a month, whole numbers; half-open: `from <= volume < to`. */
  readonly from: number;
  /** Null where the arm stays the cheapest for ever; else the next region, or the largest volume looked at. */
  readonly to: number | null;
  readonly arm: string;
  /** Second cheapest at `at`; null when there is no other. */
  readonly runnerUp: string | null;
  /** A volume inside, the middle of the region by ratio, at which the next two figures hold. */
  readonly at: number;
  /** USD a month of the arm at `at`. */
  readonly usdPerMonth: number;
  /** What the runner-up costs more, USD a month at `at`. */
  readonly gapUsd: number | null;
}

/** A crossover of two arms, with the interval that uncertain tokens and prices leave. */
export interface Crossover {
  /** Cheaper at the lowest volumes. */
  readonly below: string;
  /** Cheaper above. */
  readonly above: string;
  /** All volumes at which the cheaper of the two changes; several where hosting comes in steps, none when never. */
  readonly volumes: readonly number[];
  /** First of them; null when it never crosses up to the largest volume looked at. */
  readonly first: number | null;
  /** Interval of the first; `high` is null where it may never cross. */
  readonly low: number | null;
  readonly high: number | null;
  /** Volume from which `above` stays the cheaper; null when it does not, or never crosses. */
  readonly settled: number | null;
  /** Share of the draws in which it never crosses. */
  readonly neverShare: number;
}
