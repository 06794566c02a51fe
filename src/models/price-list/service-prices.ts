import type { DatedPrice } from './dated-price.ts';
import { priceSources } from './price-sources.ts';

/** Rerankers, vector stores, storage and people. */
export const servicePrices: readonly DatedPrice[] = [
  {
    kind: 'rerank',
    provider: 'cohere',
    model: null,
    what: 'rerank, one search',
    value: 0.002,
    unit: 'search',
    currency: 'USD',
    source: priceSources.cohere,
    checked: '2026-11-22',
    confidence: 'secondary',
    note: '$2 per 1,000 searches. Two guides of 2026 quote it per 1,000 or per million of something else, 1,000 times off.',
  },
  {
    kind: 'rerank',
    provider: 'voyage',
    model: null,
    what: 'rerank, by the tokens of query and passages',
    value: 0.05,
    unit: 'million-tokens',
    currency: 'USD',
    source: priceSources.voyage,
    checked: '2026-11-22',
    confidence: 'secondary',
    note: 'Per tokens, not per search.',
  },
  store('pgvector', 120, 150),
  store('qdrant', 200),
  store('weaviate', 250),
  store(
    'pinecone',
    80,
    80,
    'A quiet estimate: read units grow with the namespace; one team was quoted $312 and billed at a pace of $11,400.',
  ),
  {
    kind: 'vector-store',
    provider: 'pinecone',
    model: null,
    what: 'serverless, read units',
    value: 16,
    unit: 'million-read-units',
    currency: 'USD',
    source: priceSources.storeGuides,
    checked: '2026-11-22',
    confidence: 'secondary',
  },
  {
    kind: 'storage',
    provider: 'tinker',
    model: null,
    what: 'checkpoints kept',
    value: 0.1,
    unit: 'gigabyte-month',
    currency: 'USD',
    source: priceSources.tinker,
    checked: '2026-10-07',
    confidence: 'secondary',
  },
  label('classification', 'class of one text', 0.05, 0.15),
  label('preference', 'choice between two answers', 0.4, 2),
  label('expert', 'answer by an expert', 5, 20),
];

function store(provider: string, low: number, high = low, note?: string): DatedPrice {
  return {
    kind: 'vector-store',
    provider,
    model: null,
    what: '10 million vectors of 1,536 dimensions, 1 to 5 million queries a month',
    value: (low + high) / 2,
    ...(low === high ? {} : { low, high }),
    unit: 'month',
    currency: 'USD',
    source: priceSources.storeGuides,
    checked: '2026-11-22',
    confidence: 'secondary',
    ...(note === undefined ? {} : { note }),
  };
}

/** The middle of the range is the value. */
function label(tier: string, what: string, low: number, high: number): DatedPrice {
  return {
    kind: 'label',
    provider: 'people',
    model: null,
    what,
    value: Number(((low + high) / 2).toFixed(4)),
    low,
    high,
    unit: 'label',
    currency: 'USD',
    source: priceSources.pccvdi,
    checked: '2026-11-22',
    confidence: 'secondary',
    scope: { tier },
  };
}
