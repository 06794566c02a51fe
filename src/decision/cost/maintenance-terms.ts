import type { ArmInputs } from './arm-inputs.ts';
import type { CostTerm } from './cost-term.ts';
import type { Amount } from './figure.ts';
import { percent, usd } from './format-figures.ts';
import { isNothing, priceOf, shown } from './request-terms.ts';
import { retrainingTerm } from './upfront-terms.ts';

/** What is paid every month to keep the arm as good as it was. */
export function maintenanceTerms({ maintenance, upfront, prices }: ArmInputs): CostTerm[] {
  const { corpus, judge, audit, goldRefresh, otherMonthly } = maintenance;
  const terms: CostTerm[] = [];
  if (corpus) {
    const price = priceOf(prices, 'embedding');
    if (!isNothing(corpus.churn) && !isNothing(corpus.tokens))
      terms.push({
        part: 'maintenance',
        term: 're-embedding',
        formula: `${shown(corpus.tokens)} tokens x ${shown(corpus.churn, percent)} a month x ${shown(price, usd)} / 1M`,
        inputs: [corpus.tokens, corpus.churn, price],
        compute: ([tokens = 0, churn = 0, each = 0]) => ({ fixed: (tokens * churn * each) / 1e6 }),
      });
    const { embeddingModelMonths } = corpus;
    if (embeddingModelMonths && !isNothing(corpus.tokens))
      terms.push({
        part: 'maintenance',
        term: 'new embedding model',
        formula: `${shown(corpus.tokens)} tokens x ${shown(price, usd)} / 1M every ${shown(embeddingModelMonths)} months`,
        inputs: [corpus.tokens, price, embeddingModelMonths],
        compute: ([tokens = 0, each = 0, months = 1]) => ({ fixed: (tokens * each) / 1e6 / months }),
      });
  }
  terms.push(...retrainingTerm(upfront));
  if (goldRefresh && upfront.goldSet && !isNothing(goldRefresh))
    terms.push({
      part: 'maintenance',
      term: 'gold set renewal',
      formula: `${shown(goldRefresh)} a month x ${shown(upfront.goldSet.usdEach, usd)}`,
      inputs: [goldRefresh, upfront.goldSet.usdEach],
      compute: ([count = 0, each = 0]) => ({ fixed: count * each }),
    });
  terms.push(...sampleTerm('judge', judge), ...sampleTerm('human audit', audit));
  if (otherMonthly && !isNothing(otherMonthly))
    terms.push({
      part: 'maintenance',
      term: 'other',
      formula: `${shown(otherMonthly, usd)} a month`,
      inputs: [otherMonthly],
      compute: ([fee = 0]) => ({ fixed: fee }),
    });
  return terms;
}

function sampleTerm(
  term: string,
  sample: { readonly share: Amount; readonly usdEach: Amount } | undefined,
): CostTerm[] {
  if (!sample || isNothing(sample.share)) return [];
  const { share, usdEach } = sample;
  return [
    {
      part: 'maintenance',
      term,
      formula: `requests x ${shown(share, percent)} x ${shown(usdEach, usd)}`,
      inputs: [share, usdEach],
      compute: ([part = 0, each = 0]) => ({ perRequest: part * each }),
    },
  ];
}
