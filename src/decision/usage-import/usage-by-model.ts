import type { Amount } from '../cost/figure.ts';
import type { UsageRow } from './usage-row.ts';

/** Tokens of one model to be priced, summed over requests of the same sort. */
export interface PricedTokens {
  readonly provider: string | null;
  readonly model: string;
  readonly kind: 'generation' | 'embedding';
  /** Null where it is not known; then no step for long prompts is taken. */
  readonly requests: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly batch: boolean;
}

/** Prices tokens in USD at today's prices, with date and basis; `app` supplies it from the price list. */
export type PriceTokens = (tokens: PricedTokens) => Promise<Amount>;

/** Usage of one model, largest first. */
export interface ModelUsage {
  readonly provider: string | null;
  /** Null for rows that name no model. */
  readonly model: string | null;
  readonly kind: 'generation' | 'embedding';
  readonly batch: boolean;
  readonly requests: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number;
  readonly reportedUsd: number | null;
  readonly pricedUsd: Amount;
}

/** Sums rows by provider, model, kind and batch, and prices each sum. */
export async function modelUsage(rows: readonly UsageRow[], price: PriceTokens): Promise<ModelUsage[]> {
  const tokens = rows.filter((row) => row.kind === 'generation' || row.kind === 'embedding');
  const groups = Map.groupBy(tokens, (row) =>
    [row.provider ?? '', row.model ?? '', row.kind, row.batch === true].join('\n'),
  );
  const found: ModelUsage[] = [];
  for (const group of groups.values()) {
    const { provider, model, kind, batch } = group[0]!;
    const sums = {
      provider,
      model,
      kind: kind as 'generation' | 'embedding',
      batch: batch === true,
      requests: sumOf(group, (row) => row.requests),
      inputTokens: sumOf(group, (row) => row.inputTokens) ?? 0,
      cachedInputTokens: sumOf(group, (row) => row.cachedInputTokens),
      outputTokens: sumOf(group, (row) => row.outputTokens) ?? 0,
      reportedUsd: sumOf(group, (row) => row.amount),
    };
    const pricedUsd: Amount =
      model === null
        ? { value: null, reason: 'rows name no model' }
        : await price({
            ...sums,
            model,
            // What is not said to be cached is priced as if it were not.
            cachedInputTokens: group.reduce((sum, row) => sum + (row.cachedInputTokens ?? 0), 0),
            cacheWriteTokens: group.reduce((sum, row) => sum + (row.cacheWriteTokens ?? 0), 0),
          });
    found.push({ ...sums, pricedUsd });
  }
  return found.sort((a, b) => b.inputTokens + b.outputTokens - a.inputTokens - a.outputTokens);
}

/** Null as soon as one row does not say. */
function sumOf(rows: readonly UsageRow[], value: (row: UsageRow) => number | null): number | null {
  let sum = 0;
  for (const row of rows) {
    const part = value(row);
    if (part === null) return null;
    sum += part;
  }
  return sum;
}
