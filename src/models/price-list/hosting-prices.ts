import type { DatedPrice } from './dated-price.ts';
import { priceSources } from './price-sources.ts';

/** Price of one hour of one CPU core that local work is charged with, unless the config says otherwise. */
export const defaultCoreHour = Object.freeze({ usd: 0.04, date: '2026-11-24' });

/** Deployments and rented GPUs by the hour. */
export const hostingPrices: readonly DatedPrice[] = [
  fireworksHour('H100 or H200', 'H100', 8),
  fireworksHour('H100 or H200', 'H200', 8),
  fireworksHour('B200', 'B200', 13),
  fireworksHour('B300', 'B300', 15),
  {
    kind: 'hosting',
    provider: 'together',
    model: null,
    what: 'dedicated endpoint, one H100, billed per minute even without requests',
    value: 3.99,
    low: 3.99,
    high: 9.95,
    unit: 'hour',
    currency: 'USD',
    source: priceSources.together,
    checked: '2026-05-01',
    confidence: 'secondary',
    scope: { accelerator: 'H100' },
    note: 'The lowest of a range by hardware.',
  },
  {
    kind: 'hosting',
    provider: 'azure',
    model: null,
    what: 'deployment of a tuned model (Standard, Global Standard), beside the token price of the base',
    value: 1.7,
    unit: 'hour',
    currency: 'USD',
    source: priceSources.azureTuning,
    checked: '2026-03-19',
    confidence: 'vendor-page',
    scope: { tier: 'standard' },
  },
  {
    kind: 'hosting',
    provider: 'azure',
    model: null,
    what: 'deployment of a tuned model, Developer tier: no hourly fee, deleted after 24 hours',
    value: 0,
    unit: 'hour',
    currency: 'USD',
    source: priceSources.azureTuning,
    checked: '2026-03-19',
    confidence: 'vendor-page',
    scope: { tier: 'developer' },
    note: 'For trials; it is no production hosting.',
  },
  {
    kind: 'core-hour',
    provider: 'local',
    model: null,
    what: 'work of local models and local search, by measured core-seconds',
    value: defaultCoreHour.usd,
    unit: 'core-hour',
    currency: 'USD',
    source: { name: 'the order of a rented virtual core', url: null },
    checked: defaultCoreHour.date,
    confidence: 'secondary',
  },
  gpuHour('runpod', 'H100', 'community cloud', 1.8, 2.4),
  gpuHour('runpod', 'H100', 'secure cloud', 2.69, 2.79),
  gpuHour('lambda', 'H100', 'PCIe', 2.86),
  gpuHour('lambda', 'H100', 'SXM', 3.78),
  gpuHour('modal', 'H100', 'by the second, scales to zero', 3.95, 3.95, 'scale-to-zero'),
  gpuHour('replicate', 'H100', 'by the second', 5.49),
  gpuHour('any', 'A100', '80 GB, range over several clouds', 1.5, 2.5),
  gpuHour('any', 'L40S', 'range over several clouds', 0.8, 2),
];

function fireworksHour(named: string, accelerator: string, value: number): DatedPrice {
  return {
    kind: 'hosting',
    provider: 'fireworks',
    model: null,
    what: `on-demand deployment, one GPU (${named}); the only way to serve a LoRA there`,
    value,
    unit: 'hour',
    currency: 'USD',
    source: priceSources.fireworks,
    checked: '2026-10-07',
    confidence: 'secondary',
    scope: { accelerator },
    ...(accelerator === 'H100' ? { note: 'A calculator read in May 2026 said $7.00.' } : {}),
  };
}

/** The middle of a range is its value. */
function gpuHour(
  provider: string,
  accelerator: string,
  form: string,
  low: number,
  high = low,
  tier?: string,
): DatedPrice {
  return {
    kind: 'gpu-hour',
    provider,
    model: null,
    what: `${accelerator}, ${form}`,
    value: Number(((low + high) / 2).toFixed(4)),
    ...(low === high ? {} : { low, high }),
    unit: 'gpu-hour',
    currency: 'USD',
    source: priceSources.gpuGuides,
    checked: '2026-05-01',
    confidence: 'secondary',
    scope: { accelerator, ...(tier === undefined ? {} : { tier }) },
  };
}
