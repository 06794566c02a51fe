import type { DatedPrice, PriceKind } from './dated-price.ts';
import { priceSources } from './price-sources.ts';

const noted = '2026-11-22';

/** Token prices that the price list lacks: new models, tuned models, cache writes; and what multiplies them. */
export const inferencePrices: readonly DatedPrice[] = [
  ...tokens(
    'openai/gpt-6.1-terra',
    { input: 1, 'cached-input': 0.05, 'cache-write': 1.25, output: 5 },
    {
      source: priceSources.apidog,
    },
  ),
  {
    ...tokens('openai/gpt-6.1-terra', { 'cache-write': 2.5 }, { source: priceSources.apidog })[0]!,
    what: 'cache written for 12 hours (the other price is for 30 minutes)',
    scope: { tier: 'cache-12h' },
  },
  ...tokens(
    'openai/gpt-6.1-sol',
    { input: 2, 'cached-input': 0.1, 'cache-write': 2.5, output: 10 },
    {
      source: priceSources.apidog,
    },
  ),
  ...tuned('gpt-4.1', 3, 12),
  ...tuned('gpt-4.1-mini', 0.8, 3.2),
  ...tuned('gpt-4.1-nano', 0.2, 0.8),
  ...tuned('gpt-4o', 3.75, 15),
  ...tuned('gpt-4o-mini', 0.3, 1.2),
  ...tuned('o4-mini', 4, 16),
  ...tokens(
    'tinker/Qwen3-8B',
    { input: 0.195, output: 0.6 },
    {
      source: priceSources.tinker,
      checked: '2026-10-07',
      note: 'Prefill and sampling of a tuned adapter; in beta, not for production load.',
    },
  ),
  ...tokens(
    'anthropic/claude-sonnet-5',
    { input: 3, 'cached-input': 0.3, 'cache-write': 3.75, output: 15 },
    {
      source: priceSources.genaiSnapshot,
      validFrom: '2026-09-01',
      confidence: 'unconfirmed',
      note: 'Sources disagree: the newer price list says 2 in and 10 out. Check the bill and use "prices set".',
    },
  ),
  ...lunaFactor('batch', 0.5, 'sent as a batch'),
  ...lunaFactor('flex', 0.5, 'flex processing'),
  ...lunaFactor('fast', 2, 'fast processing'),
  ...lunaFactor('regional', 1.1, 'kept in a region'),
  trainingFactor('developer', 0.5, undefined, 'training on pre-emptible capacity, off the Global price'),
  trainingFactor('global', 0.8, [0.7, 0.9], 'training wherever there is capacity, off the Standard price'),
];

/** Token prices of one model. */
function tokens(
  model: string,
  values: Partial<Record<PriceKind, number>>,
  more: Partial<DatedPrice> & Pick<DatedPrice, 'source'>,
): DatedPrice[] {
  const said: Partial<Record<PriceKind, string>> = {
    input: 'input',
    'cached-input': 'input read from the cache',
    'cache-write': 'input written to the cache',
    output: 'output, reasoning included',
  };
  return Object.entries(values).map(([kind, value]) => ({
    kind: kind as PriceKind,
    provider: model.split('/')[0]!,
    model,
    what: said[kind as PriceKind]!,
    value,
    unit: 'million-tokens',
    currency: 'USD',
    checked: noted,
    confidence: 'secondary',
    ...more,
  }));
}

/** A model tuned at OpenAI, `ft:BASE:…`; a cached token is charged as input, for nothing else is known. */
function tuned(base: string, input: number, output: number): DatedPrice[] {
  const gone = base === 'gpt-4.1-nano' || base === 'o4-mini';
  return tokens(
    `openai/ft:${base}`,
    { input, output },
    {
      source: priceSources.litellm,
      confidence: 'published-data',
      validUntil: gone ? '2026-10-22' : '2027-01-13',
    },
  );
}

function lunaFactor(tier: string, value: number, what: string): DatedPrice[] {
  return [
    {
      kind: 'factor',
      provider: 'openai',
      model: 'openai/gpt-6-luna',
      what: `token prices when ${what}`,
      value,
      unit: 'factor',
      currency: 'USD',
      source: priceSources.openAiModelPage,
      checked: noted,
      confidence: 'vendor-page',
      scope: { tier },
    },
  ];
}

function trainingFactor(
  tier: string,
  value: number,
  range: readonly [number, number] | undefined,
  what: string,
): DatedPrice {
  return {
    kind: 'factor',
    provider: 'azure',
    model: null,
    what,
    value,
    ...(range ? { low: range[0], high: range[1] } : {}),
    unit: 'factor',
    currency: 'USD',
    source: priceSources.azureTuning,
    checked: '2026-03-19',
    confidence: 'vendor-page',
    scope: { tier },
  };
}
