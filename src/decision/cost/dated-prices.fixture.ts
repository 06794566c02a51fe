import type { UnitPrices } from './arm-inputs.ts';
import { type Amount, listedFigure } from './figure.ts';

/** Prices as they were on the day of each, USD per million tokens; the cases of docs/cost.md are computed of them. */
interface DatedModel {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number | null;
  readonly output: number;
  readonly date: string;
  readonly basis: string;
}

const list = { date: '2026-09-23', basis: 'genai-prices 0.1.8' };

export const datedModels = {
  'gpt-6-luna': { input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5, ...list },
  'gemini-2.5-flash-lite': { input: 0.1, cachedInput: 0.01, cacheWrite: null, output: 0.4, ...list },
  'gpt-6.1-terra': {
    input: 1,
    cachedInput: 0.05,
    cacheWrite: 1.25,
    output: 5,
    date: '2026-11-01',
    basis: 'published guides (no first-party page read)',
  },
  'claude-haiku-4-5': { input: 1, cachedInput: 0.1, cacheWrite: 1.25, output: 5, ...list },
  'claude-sonnet-5': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10, ...list },
  'claude-opus-5-5': { input: 4, cachedInput: 0.2, cacheWrite: 5, output: 20, ...list },
  'gpt-6-astra': { input: 10, cachedInput: 1, cacheWrite: 12.5, output: 50, ...list },
} as const satisfies Record<string, DatedModel>;

export type DatedModelName = keyof typeof datedModels;

/** The prices of a model as figures, each a parameter of its own. */
export function datedPrices(model: DatedModelName): UnitPrices {
  const { date, basis, ...prices }: DatedModel = datedModels[model];
  const figure = (name: string, value: number): Amount =>
    listedFigure(value, date, `${model} ${name} (${basis})`, `price:${model}:${name}`);
  return {
    input: figure('input', prices.input),
    cachedInput: figure('cachedInput', prices.cachedInput),
    ...(prices.cacheWrite === null ? {} : { cacheWrite: figure('cacheWrite', prices.cacheWrite) }),
    output: figure('output', prices.output),
    batchDiscount: listedFigure(0.5, date, 'half price in batches', `price:${model}:batchDiscount`),
  };
}

/** USD for an hour of one H100, May 2026: rented by the hour, dedicated at a provider, and by the second. */
export const gpuHours = {
  rented: listedFigure(2.86, '2026-05-01', 'H100 PCIe by the hour', 'price:h100:rented'),
  dedicated: listedFigure(7, '2026-05-01', 'H100 dedicated at a provider', 'price:h100:dedicated'),
  serverless: listedFigure(3.95 / 3600, '2026-05-01', 'H100 by the second', 'price:h100:second'),
};
