import type { DecideOptions } from '../decide.ts';

/** What a reader of the page may change. */
export interface ReportSettings {
  readonly margin: number;
  readonly confidence: number;
  /** Null: variants are compared, and none is recommended. */
  readonly bar: number | null;
  /** Requests a month. */
  readonly volume: number;
  /** USD per 1,000 requests by variant, in place of what was measured. */
  readonly prices: Readonly<Record<string, number>>;
  /** USD in place of what a price is, by its id, such as `price:provider/model:input`. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
  /** USD lost by a wrong answer, and by a refusal; null where nobody said. */
  readonly wrongUsd?: number | null | undefined;
  readonly refusedUsd?: number | null | undefined;
  /** The margin from money: net cost of 1,000 requests that does not matter; null where `margin` is the margin. */
  readonly marginUsd?: number | null | undefined;
  /** Seconds within which 95 of 100 answers must come; null without a limit. */
  readonly maxP95?: number | null | undefined;
  /** How much the samples of a tag count, 1 where it is not named. */
  readonly weights: Readonly<Record<string, number>>;
  /** The two that slices, flips and samples are shown for; null for those that differ most. */
  readonly pair: readonly [variant: string, against: string] | null;
}

/** What a decision was made with beside rows and settings; a page hands it through. */
export type ReportDecided = Pick<
  DecideOptions,
  'money' | 'maxP95' | 'costing' | 'labels' | 'facts' | 'seal' | 'runs'
>;
