import { z } from 'zod';
import { confidences } from './dated-price.ts';
import { isPriceOf } from './price-overlay.ts';
import { priceSources } from './price-sources.ts';

/** A day on which something of a model ends. */
export const retirementSchema = z.strictObject({
  /** `provider/model`, what is tuned on it included; or `provider` alone for all its models. */
  model: z.string(),
  /** No new training jobs, or no answers any more. */
  ends: z.enum(['training', 'inference']),
  /** ISO day: the first on which it is gone. */
  date: z.string(),
  /** The vendor promises only that it does not happen earlier. */
  earliest: z.boolean().optional(),
  source: z.strictObject({ name: z.string(), url: z.url().nullable() }),
  checked: z.string(),
  confidence: z.enum(confidences),
  note: z.string().optional(),
});
export type Retirement = z.infer<typeof retirementSchema>;

/** End-of-life dates that were found; a model that is not here has no known date, which is not "never". */
export const retirements: readonly Retirement[] = [
  {
    model: 'openai',
    ends: 'training',
    date: '2027-01-06',
    source: priceSources.openAiDeprecations,
    checked: '2026-11-22',
    confidence: 'vendor-page',
    note: 'Since 2026-07-02 only organisations that used a tuned model within 60 days may start a job.',
  },
  ...openAi('2026-10-23', ['gpt-4.1-nano', 'o4-mini'], 'Old snapshots of gpt-4o went the same day.'),
  ...openAi(
    '2027-01-14',
    ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'],
    'The named replacement, gpt-6-luna, cannot be tuned.',
  ),
  ...azure('gpt-4.1', '2027-04-14', '2027-10-14', 'Training for existing customers only.'),
  ...azure('gpt-4.1-mini', '2027-04-14', '2027-10-14', 'Training for existing customers only.'),
  ...azure('gpt-4.1-nano', '2027-04-14', '2027-10-14', 'Training for existing customers only.'),
  ...azure('gpt-4o', '2027-04-01', '2027-10-01'),
  ...azure('gpt-4o-mini', '2027-04-01', '2027-10-01'),
  ...azure('o4-mini', '2027-04-16', '2027-10-16'),
  {
    model: 'bedrock/claude-3-haiku',
    ends: 'inference',
    date: '2026-09-10',
    source: priceSources.awsModelCard,
    checked: '2026-11-22',
    confidence: 'vendor-page',
    note: 'The only Claude that could be tuned.',
  },
  ...['gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-2.5-pro'].map(
    (model): Retirement => ({
      model: `vertex/${model}`,
      ends: 'inference',
      date: '2026-10-20',
      source: priceSources.leighefford,
      checked: '2026-11-22',
      confidence: 'secondary',
      note: 'On Vertex only; the tuning page still lists 2.5 Pro.',
    }),
  ),
  {
    model: 'cohere',
    ends: 'training',
    date: '2025-09-15',
    source: priceSources.cohereDocs,
    checked: '2026-11-22',
    confidence: 'vendor-page',
    note: 'Deprecated on that day.',
  },
];

/** Ends of a model (`provider/model`, a tuned `openai/ft:BASE:…` included), the earliest first. */
export function retirementsOf(model: string): Retirement[] {
  const [provider = ''] = model.split('/');
  const base = model.replace('/ft:', '/');
  return retirements
    .filter((each) => each.model === provider || isPriceOf(each.model, model) || isPriceOf(each.model, base))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

function openAi(date: string, models: readonly string[], note: string): Retirement[] {
  return models.map((model) => ({
    model: `openai/${model}`,
    ends: 'inference',
    date,
    source: priceSources.openAiDeprecationCopies,
    checked: '2026-11-05',
    confidence: 'secondary',
    note: `With every model tuned on it. ${note}`,
  }));
}

function azure(model: string, training: string, inference: string, note?: string): Retirement[] {
  return (['training', 'inference'] as const).map((ends) => ({
    model: `azure/${model}`,
    ends,
    date: ends === 'training' ? training : inference,
    earliest: true,
    source: priceSources.azureRetirement,
    checked: '2026-07-07',
    confidence: 'vendor-page',
    ...(note === undefined ? {} : { note }),
  }));
}
