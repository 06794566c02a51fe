import type { ArmInputs } from './arm-inputs.ts';
import type { CostTerm } from './cost-term.ts';
import { usd } from './format-figures.ts';
import { isNothing, priceOf, shown } from './request-terms.ts';

/** What searching costs beside the tokens of the passages: embedding the query, reranking, and the store. */
export function retrievalTerms({ profile, costPer1000, prices, maintenance }: ArmInputs): CostTerm[] {
  const terms: CostTerm[] = [];
  if (profile && !costPer1000 && !isNothing(profile.embeddedTokens)) {
    const price = priceOf(prices, 'embedding');
    terms.push({
      part: 'retrieval',
      term: 'query embedding',
      formula: `requests x ${shown(profile.embeddedTokens)} tokens x ${shown(price, usd)} / 1M`,
      inputs: [profile.embeddedTokens, price],
      compute: ([tokens = 0, each = 0]) => ({ perRequest: (tokens * each) / 1e6 }),
    });
  }
  if (profile && !isNothing(profile.reranks)) {
    const price = priceOf(prices, 'rerank');
    terms.push({
      part: 'retrieval',
      term: 'rerank',
      formula: `requests x ${shown(profile.reranks)} searches x ${shown(price, usd)} / 1,000`,
      inputs: [profile.reranks, price],
      compute: ([searches = 0, each = 0]) => ({ perRequest: (searches * each) / 1000 }),
    });
  }
  if (prices.storeQuery && !isNothing(prices.storeQuery))
    terms.push({
      part: 'retrieval',
      term: 'store queries',
      formula: `requests x ${shown(prices.storeQuery, usd)} / 1,000`,
      inputs: [prices.storeQuery],
      compute: ([each = 0]) => ({ perRequest: each / 1000 }),
    });
  const { storeMonthly } = maintenance;
  if (storeMonthly && !isNothing(storeMonthly))
    terms.push({
      part: 'retrieval',
      term: 'store',
      formula: `${shown(storeMonthly, usd)} a month`,
      inputs: [storeMonthly],
      compute: ([fee = 0]) => ({ fixed: fee }),
    });
  return terms;
}
