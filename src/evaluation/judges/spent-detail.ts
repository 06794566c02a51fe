import type { Cost, Usage } from '../../core/index.ts';

/** Tokens, calls and money behind a judgement, for the detail of a score. Work done here is not priced by the clock. */
export function spentDetail(usage: Usage, cost: Cost): Readonly<Record<string, number | null>> {
  const { calls, inputTokens, outputTokens, embeddedTokens } = usage;
  const embedded = embeddedTokens === 0 ? {} : { embeddedTokens };
  return {
    calls,
    inputTokens,
    outputTokens,
    ...embedded,
    ...(cost.source === 'core-hours' ? {} : { usd: cost.usd }),
  };
}
