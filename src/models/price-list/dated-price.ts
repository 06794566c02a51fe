import { z } from 'zod';

/** What is paid for. `factor` multiplies another price. */
export const priceKinds = [
  'input',
  'cached-input',
  'cache-write',
  'output',
  'embedding',
  'rerank',
  'training',
  'hosting',
  'gpu-hour',
  'core-hour',
  'vector-store',
  'storage',
  'label',
  'factor',
] as const;
export type PriceKind = (typeof priceKinds)[number];

/** What one unit of the value is, in words. A value without its unit is off by up to a million. */
export const priceUnits = {
  'million-tokens': 'per million tokens',
  'million-training-tokens': 'per million training tokens',
  hour: 'per hour',
  'gpu-hour': 'per GPU-hour',
  'core-hour': 'per core-hour',
  search: 'per search',
  month: 'per month',
  'gigabyte-month': 'per GB and month',
  'million-read-units': 'per million read units',
  label: 'per label',
  factor: 'times the price',
} as const;
export type PriceUnit = keyof typeof priceUnits;

/** How sure a price is: entered by the team, seen in published data, on the vendor's page, on somebody else's, or only remembered. */
export const confidences = ['entered', 'published-data', 'vendor-page', 'secondary', 'unconfirmed'] as const;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD');
const amount = z.number().nonnegative();

/** To which cases of its kind a price applies; an absent member sets no condition. */
export const priceScopeSchema = z.strictObject({
  /** Parameters of the base model in billions: more than this. */
  over: amount.optional(),
  /** Parameters of the base model in billions: at most this. */
  upTo: amount.optional(),
  method: z.enum(['lora', 'full', 'lora-dpo', 'full-dpo', 'reinforcement']).optional(),
  /** Such as `H100`. */
  accelerator: z.string().optional(),
  /** Billing form, such as `batch`, `flex`, `developer` or `cache-12h`; the sort of a label. */
  tier: z.string().optional(),
});
export type PriceScope = z.infer<typeof priceScopeSchema>;

/** One price with everything that is needed to trust or distrust it. */
export const datedPriceSchema = z.strictObject({
  kind: z.enum(priceKinds),
  provider: z.string(),
  /** `provider/model`, also for what is tuned on it; null where the price is not of one model. */
  model: z.string().nullable(),
  /** What it buys, in words. */
  what: z.string(),
  /** Null where it is known that there is a price, but not which. */
  value: amount.nullable(),
  /** Ends of the range that the source gives. */
  low: amount.optional(),
  high: amount.optional(),
  unit: z.enum(Object.keys(priceUnits) as [PriceUnit, ...PriceUnit[]]),
  currency: z.literal('USD'),
  source: z.strictObject({ name: z.string(), url: z.url().nullable() }),
  /**
   * ISO day on which the source was read; the first of the month where the source says only the month. Null for a price
   * that was entered without a day.
   */
  checked: day.nullable(),
  /** First and last day on which it holds; open where absent. */
  validFrom: day.optional(),
  validUntil: day.optional(),
  confidence: z.enum(confidences),
  scope: priceScopeSchema.optional(),
  note: z.string().optional(),
});
export type DatedPrice = z.infer<typeof datedPriceSchema>;

/** Days after which a price is marked as old. */
export const oldAfterDays = 90;

/**
 * Whether a price may be used: `current`, `old` (read more than 90 days ago) and `undated` are; one that is in the
 * `future`, has `ended`, was never confirmed or is unknown is not.
 */
export const priceStates = [
  'current',
  'old',
  'undated',
  'future',
  'ended',
  'unconfirmed',
  'unknown',
] as const;
export type PriceState = (typeof priceStates)[number];

/** State of a price on an ISO day. */
export function priceState(price: DatedPrice, today: string): PriceState {
  if (price.value === null) return 'unknown';
  if (price.validFrom !== undefined && price.validFrom > today) return 'future';
  if (price.validUntil !== undefined && price.validUntil < today) return 'ended';
  if (price.confidence === 'unconfirmed') return 'unconfirmed';
  if (price.checked === null) return 'undated';
  return daysSince(price.checked, today) > oldAfterDays ? 'old' : 'current';
}

/** Whether prices of a state are used. */
export function isUsable(state: PriceState): boolean {
  return state === 'current' || state === 'old' || state === 'undated';
}

/** Whole days between two ISO days; 0 for a day that lies ahead. */
export function daysSince(checked: string, today: string): number {
  return Math.max(0, Math.round((Date.parse(today) - Date.parse(checked)) / 86_400_000));
}

/** ISO day of a date in UTC. */
export function isoDay(date: Date = new Date()): string {
  return date.toISOString().slice(0, 10);
}
