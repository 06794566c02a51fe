import type { RequestProfile, UsageRows } from '../cost/arm-inputs.ts';
import { type Amount, type Figure, isKnown, unknownFigure } from '../cost/figure.ts';
import type { UsageSummary } from './summarise-usage.ts';
import type { UsageRow } from './usage-row.ts';

/**
 * The mean request of imported usage for the cost model. An export tells the prompt's parts apart only by the cache, so
 * `staticPrefix` is what was read from the cache or written to it, `query` all other input; few-shot, history and retrieved
 * passages are in one of the two. Priced, this is what the provider bills.
 */
export function profileOfUsage(summary: UsageSummary): RequestProfile {
  const { tokens } = summary;
  const input = tokens.input.mean;
  const cached = isKnown(tokens.cached.mean)
    ? tokens.cached.mean
    : none(input, 'the export names no cached input');
  const written = isKnown(tokens.written.mean)
    ? tokens.written.mean
    : none(input, 'the export names no cache writes');
  const prefix = combine(cached, written, (a, b) => a + b, 'read from the cache or written to it');
  const inside = (what: string): Amount => none(input, `${what}, if any, is part of query and prefix`);
  return {
    staticPrefix: prefix,
    fewShot: inside('few-shot samples'),
    history: inside('history'),
    query: combine(input, prefix, (a, b) => Math.max(0, a - b), 'input that no cache held'),
    retrieved: inside('retrieved text'),
    output: isKnown(tokens.reasoning.mean)
      ? combine(
          tokens.output.mean,
          tokens.reasoning.mean,
          (a, b) => Math.max(0, a - b),
          'output without reasoning',
        )
      : tokens.output.mean,
    reasoning: isKnown(tokens.reasoning.mean)
      ? tokens.reasoning.mean
      : none(tokens.output.mean, 'reasoning, if any, is part of the output'),
    cachedShare: combine(cached, prefix, (a, b) => (b === 0 ? 0 : Math.min(1, a / b)), 'of the prefix'),
    retryFactor: one(input, 'requests are counted as sent, repeated ones included'),
    batchShare: isKnown(summary.batchShare)
      ? summary.batchShare
      : none(input, 'the export marks no batches; taken as sent one by one'),
    embeddedTokens: summary.embeddedTokens,
    reranks: summary.reranks,
    coreSeconds: none(input, 'hosted models'),
  };
}

/** Most requests that are handed on one by one for resampling. */
const mostRows = 200_000;

/** The requests one by one for the cost model's resampling; null where rows are sums, or there are too many. */
export function columnsOfUsage(rows: readonly UsageRow[]): UsageRows | null {
  const answers = rows.filter(({ kind }) => kind === 'generation');
  if (answers.length === 0 || answers.length > mostRows || answers.some(({ requests }) => requests !== 1))
    return null;
  const prefix = (row: UsageRow): number => (row.cachedInputTokens ?? 0) + (row.cacheWriteTokens ?? 0);
  const column = (of: (row: UsageRow) => number): Float64Array => Float64Array.from(answers, of);
  return {
    columns: {
      staticPrefix: column(prefix),
      cached: column((row) => row.cachedInputTokens ?? 0),
      query: column((row) => row.inputTokens - prefix(row)),
      output: column((row) => row.outputTokens - (row.reasoningTokens ?? 0)),
      reasoning: column((row) => row.reasoningTokens ?? 0),
    },
  };
}

function combine(a: Amount, b: Amount, by: (a: number, b: number) => number, what: string): Amount {
  if (!isKnown(a)) return a;
  if (!isKnown(b)) return b;
  // Bounds of the parts, taken so that the interval is never too narrow.
  const values = [by(a.low, b.low), by(a.low, b.high), by(a.high, b.low), by(a.high, b.high)];
  const value = by(a.value, b.value);
  return {
    ...a,
    value,
    low: Math.min(value, ...values),
    high: Math.max(value, ...values),
    basis: `${what}: ${a.basis}`,
  };
}

function none(of: Amount, basis: string): Amount {
  return exactly(0, of, basis);
}

function one(of: Amount, basis: string): Amount {
  return exactly(1, of, basis);
}

/** A figure that follows from what the export is; unknown where the export gives no requests at all. */
function exactly(value: number, of: Amount, basis: string): Amount {
  if (!isKnown(of)) return unknownFigure(of.reason);
  const figure: Figure = { value, low: value, high: value, source: 'derived', date: of.date, basis, n: of.n };
  return figure;
}
