import type { ArmInputs, Upfront } from './arm-inputs.ts';
import { type CostTerm, placeholder } from './cost-term.ts';
import type { Amount } from './figure.ts';
import { usd } from './format-figures.ts';
import { isNothing, priceOf, shown } from './request-terms.ts';

/** What is paid before the first request, spread over the months of the plan. */
export function upfrontTerms({ upfront, maintenance, prices }: ArmInputs): CostTerm[] {
  const { labels, goldSet, training, evaluation, engineering, months } = upfront;
  const over = `over ${shown(months)} months`;
  const terms: CostTerm[] = [];
  const spread = (term: string, what: string, amounts: readonly Amount[], cost: Product): void => {
    if (amounts.some(isNothing)) return;
    terms.push({
      part: 'upfront',
      term,
      formula: `${what} ${over}`,
      inputs: [months, ...amounts],
      compute: ([span = 1, ...values]) => ({ fixed: cost(values) / span }),
    });
  };
  if (labels) spread('labels', eachText(labels), [labels.count, labels.usdEach], product);
  if (goldSet) spread('gold set', eachText(goldSet), [goldSet.count, goldSet.usdEach], product);
  if (training && !isNothing(training.usdEach))
    terms.push({
      part: 'upfront',
      term: 'training',
      formula: `(1 + ${shown(training.sweep)}) runs x ${shown(training.usdEach, usd)} ${over}`,
      inputs: [months, training.usdEach, training.sweep],
      compute: ([span = 1, each = 0, sweep = 0]) => ({ fixed: (each * (1 + sweep)) / span }),
    });
  if (evaluation) spread('evaluation', shown(evaluation, usd), [evaluation], product);
  const { corpus } = maintenance;
  if (corpus) {
    const price = priceOf(prices, 'embedding');
    const what = `${shown(corpus.tokens)} tokens x ${shown(price, usd)} / 1M`;
    spread('first embedding', what, [corpus.tokens, price], (values) => product(values) / 1e6);
  }
  if (engineering)
    spread(
      'engineering',
      `${shown(engineering.days)} days x ${shown(engineering.usdDay, usd)}`,
      [engineering.days, engineering.usdDay],
      product,
    );
  return terms;
}

type Product = (values: readonly number[]) => number;
const product: Product = (values) => values.reduce((result, value) => result * value, 1);

function eachText({ count, usdEach }: { readonly count: Amount; readonly usdEach: Amount }): string {
  return `${shown(count)} x ${shown(usdEach, usd)}`;
}

const never = placeholder(Number.MAX_VALUE);

/**
 * Retraining: fresh labels, training and evaluation once every `min(retrain interval, life of the base model)` months. The
 * first time is upfront, so that a plan of H months with one every r pays H/r - 1 more, which is (1/r - 1/H) of it a month:
 * together as if it were all spread over min(r, H).
 */
export function retrainingTerm(upfront: Upfront): CostTerm[] {
  const { labels, training, evaluation, months, retrainMonths, baseModelMonths } = upfront;
  if (!training || (!retrainMonths && !baseModelMonths)) return [];
  const none = placeholder(0);
  const interval = retrainMonths ?? never;
  const life = baseModelMonths ?? never;
  const fresh = labels?.fresh ?? labels?.count ?? none;
  const every = [retrainMonths, baseModelMonths].flatMap((each) => (each ? [shown(each)] : []));
  return [
    {
      part: 'maintenance',
      term: 'retraining',
      formula: `(${shown(fresh)} labels x ${shown(labels?.usdEach ?? none, usd)} + (1 + ${shown(training.sweep)}) runs x ${shown(training.usdEach, usd)} + evaluation ${shown(evaluation ?? none, usd)}) every ${every.length > 1 ? `min(${every.join(', ')})` : every[0]} months, the first being upfront`,
      inputs: [
        months,
        interval,
        life,
        fresh,
        labels?.usdEach ?? none,
        training.usdEach,
        training.sweep,
        evaluation ?? none,
      ],
      compute: ([span = 1, retrain = 1, ends = 1, count = 0, each = 0, run = 0, sweep = 0, evaluate = 0]) => {
        const again = Math.min(retrain, ends);
        const once = count * each + run * (1 + sweep) + evaluate;
        return { fixed: again >= span ? 0 : once * (1 / again - 1 / span) };
      },
    },
  ];
}
