import { quantile } from '../cost/draw-figures.ts';
import { type Amount, measuredFigure, unknownFigure } from '../cost/figure.ts';
import { ratioOf } from './usage-blocks.ts';
import { type ModelUsage, modelUsage, type PriceTokens } from './usage-by-model.ts';
import type { UsageRow } from './usage-row.ts';

/** Days of a mean month. */
export const daysPerMonth = 365.25 / 12;

/** Days after which usage is called old. */
const oldAfterDays = 90;

/** Kinds of token that a request has. */
export const tokenKinds = ['input', 'cached', 'written', 'output', 'reasoning'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** How the tokens of one kind spread over requests; null where only sums of several requests are known. */
export interface Spread {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

export interface TokenSummary {
  /** Mean of a request, with its 95 % interval. */
  readonly mean: Amount;
  readonly spread: Spread | null;
}

/** What a set of imported usage says. */
export interface UsageSummary {
  readonly name: string;
  readonly rows: number;
  /** Requests that were answered by a model; unknown where a bucket has no count. */
  readonly requests: Amount;
  readonly period: { readonly from: string; readonly to: string; readonly days: number } | null;
  /** Requests a month at the rate of the period. */
  readonly volume: Amount;
  readonly tokens: Readonly<Record<TokenKind, TokenSummary>>;
  /** Share of the input tokens that was read from a cache. */
  readonly cachedShare: Amount;
  /** Share of the requests that was sent as a batch. */
  readonly batchShare: Amount;
  /** Tokens embedded, and rerank searches, for each request. */
  readonly embeddedTokens: Amount;
  readonly reranks: Amount;
  readonly models: readonly ModelUsage[];
  readonly cost: {
    /** As the export says, and as the prices of today make it. */
    readonly reportedUsd: Amount;
    readonly pricedUsd: Amount;
  };
  /** What a reader should know before using it. */
  readonly notes: readonly string[];
}

/**
 * Sums up rows in order of time.
 * @param price prices the tokens of one model; see `PriceTokens`.
 */
export async function summariseUsage(
  name: string,
  rows: readonly UsageRow[],
  price: PriceTokens,
  now = new Date(),
): Promise<UsageSummary> {
  const answers = rows.filter(({ kind }) => kind === 'generation');
  const period = periodOf(answers.length > 0 ? answers : rows);
  const requests = requestsOf(answers, name);
  const models = await modelUsage(rows, price);
  const notes = notesOf(rows, answers, period, now);
  return {
    name,
    rows: rows.length,
    requests,
    period,
    volume: volumeOf(answers, requests, period, name),
    tokens: {
      input: tokenSummary(answers, (row) => row.inputTokens, 'input tokens', name),
      cached: tokenSummary(answers, (row) => row.cachedInputTokens, 'cached tokens', name),
      written: tokenSummary(answers, (row) => row.cacheWriteTokens, 'tokens written to the cache', name),
      output: tokenSummary(answers, (row) => row.outputTokens, 'output tokens', name),
      reasoning: tokenSummary(answers, (row) => row.reasoningTokens, 'reasoning tokens', name),
    },
    cachedShare: shareOf(
      answers,
      (row) => row.cachedInputTokens,
      (row) => row.inputTokens,
      'which input was cached',
      name,
    ),
    batchShare: shareOf(
      answers,
      (row) => (row.batch === null || row.requests === null ? null : Number(row.batch) * row.requests),
      (row) => row.requests ?? 0,
      'which requests were batches',
      name,
    ),
    embeddedTokens: perRequest(
      rows,
      requests,
      (row) => (row.kind === 'embedding' ? row.inputTokens : 0),
      name,
    ),
    reranks: perRequest(
      rows,
      requests,
      (row) => (row.kind === 'rerank' ? (row.requests ?? Number.NaN) : 0),
      name,
    ),
    models,
    cost: { reportedUsd: reported(rows, name), pricedUsd: priced(models, name) },
    notes,
  };
}

function periodOf(rows: readonly UsageRow[]): UsageSummary['period'] {
  const starts = rows.flatMap(({ at }) => (at === null ? [] : [at]));
  if (starts.length === 0) return null;
  let [from, to] = [starts[0]!, starts[0]!];
  for (const { at, until } of rows) {
    if (at !== null && at < from) from = at;
    const end = until ?? at;
    if (end !== null && end > to) to = end;
  }
  return { from, to, days: (Date.parse(to) - Date.parse(from)) / 86_400_000 };
}

function requestsOf(answers: readonly UsageRow[], name: string): Amount {
  if (answers.length === 0) return unknownFigure('no row is an answer of a model');
  if (answers.some(({ requests }) => requests === null))
    return unknownFigure('the export gives sums of tokens without a count of requests');
  const sum = answers.reduce((total, { requests }) => total + (requests ?? 0), 0);
  return measuredFigure(sum, sum, `imported usage "${name}"`);
}

function volumeOf(
  answers: readonly UsageRow[],
  requests: Amount,
  period: UsageSummary['period'],
  name: string,
): Amount {
  if (requests.value === null) return requests;
  if (period === null) return unknownFigure('the export has no times');
  if (period.days < 1) return unknownFigure('the export covers less than a day');
  const value = (requests.value / period.days) * daysPerMonth;
  const basis = `${requests.value} requests of "${name}" in ${period.days.toFixed(1)} days`;
  // Days are alike; the first and last may be cut, so the interval is of the days and moved to the rate of the period.
  const byDay = new Map<string, UsageRow>();
  for (const row of answers) {
    const day = (row.at ?? '').slice(0, 10);
    const sum = (byDay.get(day)?.requests ?? 0) + (row.requests ?? 0);
    byDay.set(day, { ...row, requests: sum });
  }
  const ratio = ratioOf(
    [...byDay.values()],
    (row) => row.requests ?? 0,
    () => 1,
  );
  const scale = ratio ? value / ratio.value : 1;
  const interval = ratio ? { low: ratio.low * scale, high: ratio.high * scale } : {};
  return measuredFigure(value, requests.value, basis, { date: period.to.slice(0, 10), ...interval });
}

function tokenSummary(
  answers: readonly UsageRow[],
  tokens: (row: UsageRow) => number | null,
  what: string,
  name: string,
): TokenSummary {
  if (answers.length === 0) return { mean: unknownFigure('no row is an answer of a model'), spread: null };
  if (answers.some((row) => tokens(row) === null))
    return { mean: unknownFigure(`the export does not give ${what} for every request`), spread: null };
  if (answers.some(({ requests }) => requests === null))
    return { mean: unknownFigure('the export has no count of requests'), spread: null };
  const ratio = ratioOf(
    answers,
    (row) => tokens(row) ?? 0,
    (row) => row.requests ?? 0,
  );
  if (ratio === null) return { mean: unknownFigure('the rows have no requests'), spread: null };
  const n = answers.reduce((sum, { requests }) => sum + (requests ?? 0), 0);
  const basis = `${what} a request, imported usage "${name}"${ratio.hasInterval ? '' : '; too few rows for an interval'}`;
  return {
    mean: measuredFigure(ratio.value, n, basis, { low: ratio.low, high: ratio.high, date: lastDay(answers) }),
    spread: spreadOf(answers, tokens),
  };
}

function spreadOf(answers: readonly UsageRow[], tokens: (row: UsageRow) => number | null): Spread | null {
  if (answers.some(({ requests }) => requests !== 1)) return null;
  const sorted = Float64Array.from(answers, (row) => tokens(row) ?? 0).sort();
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((p) => quantile(sorted, p)) as [number, number, number];
  return { p50, p90, p99, most: sorted.at(-1)! };
}

function shareOf(
  answers: readonly UsageRow[],
  part: (row: UsageRow) => number | null,
  whole: (row: UsageRow) => number,
  what: string,
  name: string,
): Amount {
  if (answers.length === 0 || answers.some((row) => part(row) === null))
    return unknownFigure(`the export does not say of every row ${what}`);
  const ratio = ratioOf(answers, (row) => part(row) ?? 0, whole);
  if (ratio === null) return unknownFigure(`the export does not say ${what}`);
  const { value, low, high } = ratio;
  return measuredFigure(value, answers.length, `imported usage "${name}"`, {
    low,
    high,
    date: lastDay(answers),
  });
}

function perRequest(
  rows: readonly UsageRow[],
  requests: Amount,
  amount: (row: UsageRow) => number,
  name: string,
): Amount {
  if (requests.value === null) return requests;
  const sum = rows.reduce((total, row) => total + amount(row), 0);
  if (Number.isNaN(sum) || requests.value === 0) return unknownFigure('the export has no count of requests');
  return measuredFigure(sum / requests.value, requests.value, `imported usage "${name}"`);
}

function reported(rows: readonly UsageRow[], name: string): Amount {
  // Separate cost rows stand for everything; requests that carry their own cost must all do so.
  const costs = rows.filter(({ kind }) => kind === 'cost');
  const counted = costs.length > 0 ? costs : rows;
  if (counted.some(({ amount }) => amount === null))
    return unknownFigure('the export does not give the cost of every row');
  const sum = counted.reduce((total, { amount }) => total + (amount ?? 0), 0);
  return measuredFigure(sum, counted.length, `cost reported in "${name}"`);
}

function priced(models: readonly ModelUsage[], name: string): Amount {
  const missing = models.find(({ pricedUsd }) => pricedUsd.value === null);
  if (models.length === 0) return unknownFigure('there are no tokens to price');
  if (missing) return missing.pricedUsd;
  const sum = models.reduce((total, { pricedUsd }) => total + (pricedUsd.value ?? 0), 0);
  return measuredFigure(sum, models.length, `tokens of "${name}" at today's prices`, { source: 'derived' });
}

function lastDay(rows: readonly UsageRow[]): string | null {
  return rows.findLast(({ at }) => at !== null)?.at?.slice(0, 10) ?? null;
}

function notesOf(
  rows: readonly UsageRow[],
  answers: readonly UsageRow[],
  period: UsageSummary['period'],
  now: Date,
): string[] {
  const notes: string[] = [];
  const undated = rows.filter(({ at }) => at === null).length;
  if (undated > 0) notes.push(`${undated} of ${rows.length} rows have no time.`);
  if (period !== null && period.days >= 1 && period.days < 7)
    notes.push('The period is shorter than a week: working days and weekends may differ.');
  if (answers.some(({ requests }) => requests !== null && requests !== 1))
    notes.push('Rows are sums of several requests: means are exact, quantiles are not known.');
  const age = period === null ? 0 : (now.getTime() - Date.parse(period.to)) / 86_400_000;
  if (age > oldAfterDays) notes.push(`The newest row is ${Math.floor(age)} days old.`);
  return notes;
}
