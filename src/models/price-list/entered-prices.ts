import { z } from 'zod';
import { type DatedPrice, isoDay, type PriceKind, type PriceUnit } from './dated-price.ts';

const dollars = z.number().nonnegative();
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD');

/** Prices that a project enters for one model or service, in USD. */
export const enteredPriceSchema = z
  .strictObject({
    /** Per million tokens. */
    input: dollars.optional(),
    /** Input tokens read from the provider's cache, per million; default: the price of input. */
    cachedInput: dollars.optional(),
    /** Input tokens written to the cache, per million; default: the price of input. */
    cacheWrite: dollars.optional(),
    /** Per million tokens, reasoning included; default 0, for embedding models. */
    output: dollars.default(0),
    /** Per million training tokens. */
    training: dollars.optional(),
    /** Deployment of a tuned model, per hour. */
    hosting: dollars.optional(),
    /** One GPU, per hour. */
    gpuHour: dollars.optional(),
    /** One rerank search; $2 per 1,000 searches is .002. */
    rerank: dollars.optional(),
    /** A vector store, per month. */
    store: dollars.optional(),
    /** One label by a person. */
    label: dollars.optional(),
    /** Token prices are multiplied by it when a request is sent as a batch; .5 is half price. */
    batch: z.number().min(0).max(1).optional(),
    /** Day on which the prices were looked up. */
    date: day.refine((date) => date <= isoDay(), 'lies in the future').optional(),
    /** First day on which they hold; until then they are not used. */
    validFrom: day.optional(),
    /** Where they were looked up. */
    source: z.string().optional(),
  })
  .refine(
    (price) =>
      price.input !== undefined ||
      (price.cachedInput === undefined && price.cacheWrite === undefined && price.output === 0),
    'a price of output or of cached input needs one of input',
  );
export type EnteredPrice = z.infer<typeof enteredPriceSchema>;

/** Members of an entered price that are amounts, with what each is. */
export const enteredKinds = {
  input: { kind: 'input', unit: 'million-tokens', what: 'input' },
  cachedInput: { kind: 'cached-input', unit: 'million-tokens', what: 'input read from the cache' },
  cacheWrite: { kind: 'cache-write', unit: 'million-tokens', what: 'input written to the cache' },
  output: { kind: 'output', unit: 'million-tokens', what: 'output, reasoning included' },
  training: { kind: 'training', unit: 'million-training-tokens', what: 'training' },
  hosting: { kind: 'hosting', unit: 'hour', what: 'deployment' },
  gpuHour: { kind: 'gpu-hour', unit: 'gpu-hour', what: 'GPU' },
  rerank: { kind: 'rerank', unit: 'search', what: 'rerank, one search' },
  store: { kind: 'vector-store', unit: 'month', what: 'vector store' },
  label: { kind: 'label', unit: 'label', what: 'label' },
  batch: { kind: 'factor', unit: 'factor', what: 'token prices when sent as a batch' },
} as const satisfies Record<string, { kind: PriceKind; unit: PriceUnit; what: string }>;
export type EnteredKind = keyof typeof enteredKinds;

/** `coreHourUsd` of the config as a dated price. */
export function enteredCoreHour(value: number): DatedPrice {
  return {
    kind: 'core-hour',
    provider: 'local',
    model: null,
    what: 'work of local models and local search, by measured core-seconds',
    value,
    unit: 'core-hour',
    currency: 'USD',
    source: { name: 'coreHourUsd of the config', url: null },
    checked: null,
    confidence: 'entered',
  };
}

/** Prices of the config as dated prices. */
export function enteredPrices(config: Readonly<Record<string, EnteredPrice>>): DatedPrice[] {
  return Object.entries(config).flatMap(([model, price]) =>
    (Object.keys(enteredKinds) as EnteredKind[]).flatMap((name): DatedPrice[] => {
      const value = price[name];
      if (value === undefined || (name === 'output' && price.input === undefined)) return [];
      return [
        {
          ...enteredKinds[name],
          value,
          provider: model.split('/')[0] ?? model,
          model,
          currency: 'USD',
          source: { name: price.source ?? 'entered in the config', url: null },
          checked: price.date ?? null,
          ...(price.validFrom === undefined ? {} : { validFrom: price.validFrom }),
          confidence: 'entered',
          ...(name === 'batch' ? { scope: { tier: 'batch' } } : {}),
        },
      ];
    }),
  );
}
