import type { ArmKind, Maintenance, UnitPrices, Upfront } from './arm-inputs.ts';
import type { CostsConfig, FigureEntry, HypotheticalArmConfig } from './cost-config.ts';
import { type Amount, enteredFigure } from './figure.ts';

/** A figure as it was entered. */
export function entryFigure(entry: FigureEntry, id?: string): Amount {
  if (typeof entry === 'number') return enteredFigure(entry, 'entered', { id });
  const { value, low = value, high = value, basis = 'entered', date = null } = entry;
  return { value, low, high, source: 'entered', date, basis, id };
}

const tunedKinds: readonly ArmKind[] = [
  'tuned-per-token',
  'tuned-dedicated',
  'tuned-self-hosted',
  'local-head',
  'hybrid',
];
const retrievingKinds: readonly ArmKind[] = ['rag', 'hybrid', 'extract'];

/** What an arm of a kind pays once: evaluation and the gold set all, labels and training those that are tuned. */
export function upfrontOf(
  name: string,
  kind: ArmKind,
  own: Pick<HypotheticalArmConfig, 'labels' | 'training' | 'retrainMonths'>,
  costs: CostsConfig,
  baseModelMonths: Amount | null,
): Upfront {
  const { goldSet, evaluation, engineering } = costs;
  const days = engineering?.days[name];
  const tuned = tunedKinds.includes(kind);
  const labels = tuned ? (own.labels ?? costs.labels) : undefined;
  const training = tuned ? (own.training ?? costs.training) : undefined;
  const retrainMonths = tuned ? (own.retrainMonths ?? costs.retrainMonths) : undefined;
  return {
    months: enteredFigure(costs.months),
    ...(goldSet
      ? {
          goldSet: { count: entryFigure(goldSet.count), usdEach: entryFigure(goldSet.usdEach, 'price:gold') },
        }
      : {}),
    ...(evaluation === undefined ? {} : { evaluation: entryFigure(evaluation) }),
    ...(labels
      ? {
          labels: {
            count: entryFigure(labels.count),
            usdEach: entryFigure(labels.usdEach, own.labels ? `price:${name}:label` : 'price:label'),
            ...(labels.fresh === undefined ? {} : { fresh: entryFigure(labels.fresh) }),
          },
        }
      : {}),
    ...(training
      ? {
          training: {
            usdEach: entryFigure(
              training.usdEach,
              own.training ? `price:${name}:training` : 'price:training',
            ),
            sweep: entryFigure(training.sweep),
          },
        }
      : {}),
    ...(retrainMonths === undefined ? {} : { retrainMonths: entryFigure(retrainMonths) }),
    ...(tuned && baseModelMonths ? { baseModelMonths } : {}),
    ...(engineering && days !== undefined
      ? { engineering: { days: entryFigure(days), usdDay: entryFigure(engineering.usdDay, 'price:day') } }
      : {}),
  };
}

/** What an arm of a kind pays every month. */
export function maintenanceOf(
  kind: ArmKind,
  { store, corpus, judge, audit, goldSet }: CostsConfig,
): Maintenance {
  const retrieves = retrievingKinds.includes(kind);
  const sampled = (
    name: string,
    sample: CostsConfig['judge'],
  ): { share: Amount; usdEach: Amount } | undefined =>
    sample && { share: entryFigure(sample.share), usdEach: entryFigure(sample.usdEach, `price:${name}`) };
  return {
    ...(retrieves && store.monthly !== undefined
      ? { storeMonthly: entryFigure(store.monthly, 'price:store') }
      : {}),
    ...(retrieves && corpus
      ? {
          corpus: {
            tokens: entryFigure(corpus.tokens),
            churn: entryFigure(corpus.churn),
            ...(corpus.embeddingModelMonths === undefined
              ? {}
              : { embeddingModelMonths: entryFigure(corpus.embeddingModelMonths) }),
          },
        }
      : {}),
    judge: sampled('judge', judge),
    audit: sampled('audit', audit),
    ...(goldSet?.refresh === undefined ? {} : { goldRefresh: entryFigure(goldSet.refresh) }),
  };
}

/** Prices that the config gives for what arms that retrieve share. */
export function sharedPrices(kind: ArmKind, { store, corpus }: CostsConfig): UnitPrices {
  if (!retrievingKinds.includes(kind)) return {};
  return {
    ...(store.per1000Queries === undefined
      ? {}
      : { storeQuery: entryFigure(store.per1000Queries, 'price:storeQuery') }),
    ...(corpus ? { embedding: entryFigure(corpus.embeddingPrice, 'price:embedding') } : {}),
  };
}

/** Months until a day, at least a tenth of one; null without a day. */
export function monthsUntil(end: string | undefined, today: string): Amount | null {
  if (end === undefined) return null;
  const months = (Date.parse(end) - Date.parse(today)) / (1000 * 60 * 60 * 24 * (365.25 / 12));
  return enteredFigure(Math.max(months, 0.1), `base model withdrawn on ${end}`);
}
