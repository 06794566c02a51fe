import type { ArmInputs, RequestProfile, UnitPrices } from './arm-inputs.ts';
import { type CostTerm, placeholder } from './cost-term.ts';
import { type Amount, isKnown, unknownFigure } from './figure.ts';
import { percent, plain, usd } from './format-figures.ts';

const none = placeholder(0);
const million = 1e6;

/** Whether a quantity is known to be nothing, so that its price does not matter. */
export function isNothing(amount: Amount | undefined): boolean {
  return amount === undefined || (isKnown(amount) && amount.value === 0 && amount.high === 0);
}

/** A price, or that it is not known. A price of 0 is one only where its basis says why. */
export function priceOf(prices: UnitPrices, name: keyof UnitPrices): Amount {
  const price = prices[name] ?? unknownFigure(`no price of ${priceNames[name]} is known`);
  return withoutBareZero(price, `price of ${priceNames[name]}`);
}

/** What was entered or listed, unless it is 0 and nothing says why. */
export function withoutBareZero(price: Amount, what: string): Amount {
  if (!isKnown(price) || price.high > 0) return price;
  if (price.source !== 'price-list' && price.basis !== 'entered') return price;
  return unknownFigure(
    `the ${what} is 0, which is no price: enter what is paid instead, or a "basis" that says why it is free`,
  );
}

const priceNames: Readonly<Record<keyof UnitPrices, string>> = {
  input: 'input tokens',
  cachedInput: 'cached tokens',
  cacheWrite: 'cache writes',
  output: 'output tokens',
  batchDiscount: 'a batch',
  embedding: 'embedding',
  rerank: 'reranking',
  storeQuery: 'queries of the store',
  coreHour: 'a core-hour',
};

/** An amount in a formula. */
export function shown(amount: Amount, form: (value: number) => string = plain): string {
  return isKnown(amount) ? form(amount.value) : 'unknown';
}

/** Terms that every request costs at the model: its tokens by price, its measured cost, or local work. */
export function requestTerms(arm: ArmInputs): CostTerm[] {
  const { profile, costPer1000, hosting } = arm;
  if (costPer1000) return [measuredTerm(costPer1000)];
  if (!profile) {
    if (hosting.form !== 'per-token') return [];
    return [unknownTerm('answers', 'neither what a request consumes nor what it costs is known')];
  }
  const local = localTerm(profile, arm.prices);
  if (hosting.form !== 'per-token') return local;
  return [...tokenTerms(profile, arm.prices), ...local];
}

function measuredTerm(costPer1000: Amount): CostTerm {
  return {
    part: 'request',
    term: 'answers',
    formula: `requests x ${shown(costPer1000, usd)} / 1,000`,
    inputs: [costPer1000],
    compute: ([cost = 0]) => ({ perRequest: cost / 1000 }),
  };
}

function unknownTerm(term: string, reason: string): CostTerm {
  return { part: 'request', term, formula: 'unknown', inputs: [unknownFigure(reason)], compute: () => ({}) };
}

function localTerm({ coreSeconds }: RequestProfile, prices: UnitPrices): CostTerm[] {
  if (isNothing(coreSeconds)) return [];
  const hour = priceOf(prices, 'coreHour');
  return [
    {
      part: 'request',
      term: 'local work',
      formula: `requests x ${shown(coreSeconds)} core-seconds / 3,600 x ${shown(hour, usd)}`,
      inputs: [coreSeconds, hour],
      compute: ([seconds = 0, usdHour = 0]) => ({ perRequest: (seconds / 3600) * usdHour }),
    },
  ];
}

function tokenTerms(profile: RequestProfile, prices: UnitPrices): CostTerm[] {
  const input = priceOf(prices, 'input');
  const output = priceOf(prices, 'output');
  return [
    ...prefixTerm('static prefix', profile.staticPrefix, profile, prices),
    ...prefixTerm('few-shot', profile.fewShot, profile, prices),
    ...tokenTerm('history', profile.history, input, profile, prices),
    ...tokenTerm('query', profile.query, input, profile, prices),
    ...tokenTerm('retrieved', profile.retrieved, input, profile, prices),
    ...tokenTerm('output', profile.output, output, profile, prices),
    ...tokenTerm('reasoning', profile.reasoning, output, profile, prices),
  ];
}

/** What multiplies the price of tokens: repeated calls, and the batch with its discount. */
interface Multiplier {
  readonly inputs: readonly [retry: Amount, batched: Amount, discount: Amount];
  readonly text: string;
}

function multiplierOf({ retryFactor, batchShare }: RequestProfile, prices: UnitPrices): Multiplier {
  const discount = isNothing(batchShare) ? none : (prices.batchDiscount ?? none);
  const retries = isKnown(retryFactor) && retryFactor.value === 1 ? '' : ` x ${shown(retryFactor)} calls`;
  const batch = isNothing(discount)
    ? ''
    : ` x (1 - ${shown(batchShare, percent)} in batches x ${shown(discount, percent)})`;
  return { inputs: [retryFactor, batchShare, discount], text: `${retries}${batch}` };
}

function tokenTerm(
  term: string,
  tokens: Amount,
  price: Amount,
  profile: RequestProfile,
  prices: UnitPrices,
): CostTerm[] {
  if (isNothing(tokens)) return [];
  const { inputs, text } = multiplierOf(profile, prices);
  return [
    {
      part: 'request',
      term,
      formula: `requests x ${shown(tokens)} tokens x ${shown(price, usd)} / 1M${text}`,
      inputs: [tokens, price, ...inputs],
      compute: ([count = 0, each = 0, retry = 1, batched = 0, discount = 0]) => ({
        perRequest: ((count * each) / million) * retry * (1 - batched * discount),
      }),
    },
  ];
}

/**
 * Tokens of the prefix: the cached share at the price of reads, the rest at that of writes. Where nothing is read from a
 * cache none is taken to be written, and all is input. A missing price of reads or writes is that of input.
 */
function prefixTerm(term: string, tokens: Amount, profile: RequestProfile, prices: UnitPrices): CostTerm[] {
  if (isNothing(tokens)) return [];
  const { cachedShare } = profile;
  const input = priceOf(prices, 'input');
  if (isNothing(cachedShare)) return tokenTerm(term, tokens, input, profile, prices);
  const read = prices.cachedInput ?? input;
  const write = prices.cacheWrite ?? input;
  const { inputs, text } = multiplierOf(profile, prices);
  const rest = isKnown(cachedShare) ? percent(1 - cachedShare.value) : 'the rest';
  const each = `(${shown(cachedShare, percent)} x ${shown(read, usd)} + ${rest} x ${shown(write, usd)})`;
  return [
    {
      part: 'request',
      term,
      formula: `requests x ${shown(tokens)} tokens x ${each} / 1M${text}`,
      inputs: [tokens, cachedShare, read, write, ...inputs],
      compute: ([count = 0, share = 0, reads = 0, writes = 0, retry = 1, batched = 0, discount = 0]) => ({
        perRequest:
          ((count * (share * reads + (1 - share) * writes)) / million) * retry * (1 - batched * discount),
      }),
    },
  ];
}
