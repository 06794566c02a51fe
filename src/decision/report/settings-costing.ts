import { enteredFigure, unknownFigure } from '../cost/figure.ts';
import type { DecideOptions } from '../decide.ts';
import type { Costing } from '../decision-costs.ts';
import { pricesIn } from '../saved/check-decision.ts';
import type { ReportDecided, ReportSettings } from './report-settings.ts';

/** The settings of a page that a decision came with. */
export function settingsOfDecided(
  decided: ReportDecided,
): Pick<ReportSettings, 'wrongUsd' | 'refusedUsd' | 'marginUsd' | 'maxP95'> {
  const { money, maxP95, labels, costing } = decided;
  return {
    wrongUsd: money?.wrongUsd ?? labels?.wrongUsd ?? costing?.losses.wrong.value ?? null,
    refusedUsd: costing?.losses.refused.value ?? null,
    marginUsd: money?.marginUsdPer1000 ?? null,
    maxP95: maxP95 ?? null,
  };
}

/** What a decision is made with by the settings of a page; what a reader has not changed is as it was. */
export function decidedWith(
  decided: ReportDecided,
  settings: ReportSettings,
): ReportDecided & Pick<DecideOptions, 'margin'> {
  const { wrongUsd = null, marginUsd = null, maxP95 = null, margin } = settings;
  const { labels, costing } = decided;
  return {
    ...decided,
    margin,
    maxP95: maxP95 ?? undefined,
    money: marginUsd === null || wrongUsd === null ? undefined : { marginUsdPer1000: marginUsd, wrongUsd },
    labels: wrongUsd === null || wrongUsd === 0 ? undefined : { ...labels, wrongUsd },
    costing: costing && costingWith(costing, settings),
  };
}

function costingWith(costing: Costing, settings: ReportSettings): Costing {
  const { figures = {}, prices, wrongUsd = null, refusedUsd = null } = settings;
  const { losses, today } = costing;
  const loss = (kind: 'wrong' | 'refused', usd: number | null): Costing['losses']['wrong'] => {
    const before = losses[kind];
    if (before.value === usd) return before;
    return usd === null
      ? unknownFigure('taken out in the page')
      : enteredFigure(usd, 'entered', { id: `loss:${kind}` });
  };
  return {
    today,
    losses: { wrong: loss('wrong', wrongUsd), refused: loss('refused', refusedUsd) },
    arms: costing.arms.map((arm) => {
      const usd = prices[arm.name];
      const priced = Object.keys(figures).length === 0 ? arm : withFigures(arm, figures);
      return usd === undefined
        ? priced
        : { ...priced, profile: undefined, costPer1000: enteredFigure(usd, '--price') };
    }),
  };
}

/** A value with other numbers in the figures that have one of these ids, wherever they are in it. */
function withFigures<T>(value: T, figures: Readonly<Record<string, number>>): T {
  if (typeof value !== 'object' || value === null) return value;
  const { id, value: amount } = value as { id?: unknown; value?: unknown };
  if (typeof id === 'string' && typeof amount === 'number' && Object.hasOwn(figures, id))
    return { ...value, ...enteredFigure(figures[id]!, 'entered in the page', { id }) };
  if (Array.isArray(value)) return value.map((member) => withFigures(member, figures)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withFigures(member, figures)]),
  ) as T;
}

/** A price that the arms of a decision are computed of, and that a reader may change. */
export interface PriceParameter {
  readonly id: string;
  /** Whose price of what. */
  readonly label: string;
  readonly unit: string;
  readonly now: number;
}

const unitOf: Readonly<Record<string, string>> = {
  input: 'USD per million tokens',
  cachedInput: 'USD per million tokens',
  cacheWrite: 'USD per million tokens',
  output: 'USD per million tokens',
  embedding: 'USD per million tokens',
  rerank: 'USD per 1,000 searches',
  storeQuery: 'USD per 1,000 queries',
  request: 'USD per 1,000 requests',
  coreHour: 'USD an hour',
  machineHour: 'USD an hour',
  gpuSecond: 'USD a second',
  monthlyFee: 'USD a month',
};

const nameOf: Readonly<Record<string, string>> = {
  input: 'input',
  cachedInput: 'cached input',
  cacheWrite: 'cache writes',
  output: 'output',
  embedding: 'embedding',
  rerank: 'reranking',
  storeQuery: 'store',
  request: 'request',
  coreHour: 'core',
  machineHour: 'machine',
  gpuSecond: 'GPU',
  monthlyFee: 'fee',
};

/** The named prices of a decision; discounts and other shares are not among them. */
export function priceParameters({ costing }: ReportDecided): PriceParameter[] {
  return [...pricesIn(costing?.arms ?? [])].flatMap(([id, now]) => {
    const unit = unitOf[id.slice(id.lastIndexOf(':') + 1)];
    return unit === undefined ? [] : [{ id, label: priceName(id), unit, now }];
  });
}

/** A price in words, such as "provider/model, input". */
export function priceName(id: string): string {
  const at = id.lastIndexOf(':');
  const kind = id.slice(at + 1);
  return `${id.slice('price:'.length, at)}, ${nameOf[kind] ?? kind}`;
}
