import type { Cost, Usage } from '../../core/index.ts';
import {
  type ArmInputs,
  type ArmKind,
  type ArmQuality,
  armKinds,
  type RequestProfile,
  type UnitPrices,
  type UsageColumn,
  type UsageRows,
} from './arm-inputs.ts';
import { centralInterval } from './draw-figures.ts';
import { type Amount, enteredFigure, type Figure, isKnown, measuredFigure, unknownFigure } from './figure.ts';
import { resampleUsage } from './resample-usage.ts';

/** One measured request. */
export interface MeasuredRequest {
  /** Cluster, such as the group of the sample. */
  readonly group?: string | undefined;
  readonly usage: Usage;
  readonly cost: Cost;
  /** Score of the answer, in [0, 1]; null where it could not be scored. */
  readonly correct: number | null;
  readonly refused: boolean;
}

/** The requests of one variant. */
export interface MeasuredArm {
  readonly name: string;
  readonly kind: string;
  readonly run: string;
  /** ISO day of the measurement. */
  readonly date: string | null;
  /** Requests that were answered. */
  readonly requests: readonly MeasuredRequest[];
  /** Prices of its model, as far as they are known. */
  readonly prices: UnitPrices;
}

/** Fewest groups of requests that a mean is computed of. */
export const fewestGroups = 5;

/** What is measured of an arm. */
export type MeasuredParts = Pick<ArmInputs, 'profile' | 'costPer1000' | 'prices' | 'quality' | 'usage'> & {
  readonly kind: ArmKind;
};

/**
 * Figures of measured requests. The tokens are priced anew where they are known by part of the prompt and have a price; else the
 * cost is that of the answers as they were, and unknown as soon as that of one is not. Under 5 groups nothing is said.
 */
export function measuredParts(measured: MeasuredArm): MeasuredParts {
  const { requests, prices } = measured;
  const kind = armKinds.find((each) => each === measured.kind) ?? 'external';
  const groups = new Set(requests.map(({ group }, index) => group ?? `request ${index}`)).size;
  if (groups < fewestGroups) {
    const reason =
      requests.length === 0
        ? `no request of ${measured.run} was answered`
        : `a mean needs ${fewestGroups} groups of samples at least; ${measured.run} has ${groups} (answers: ${requests.length})`;
    return { kind, prices, costPer1000: unknownFigure(reason) };
  }
  const usage = usageRows(requests);
  const basis = `${measured.run}, ${requests.length} requests`;
  const more = { date: measured.date };
  const mean = (column: UsageColumn): Amount => {
    const values = usage.columns[column]?.filter((value) => !Number.isNaN(value)) ?? new Float64Array();
    const sum = values.reduce((all, value) => all + value, 0);
    return values.length === 0
      ? unknownFigure(`${measured.run} has no ${column}`)
      : measuredFigure(sum / values.length, values.length, basis, more);
  };
  const profile = profileOf(usage, mean, basis);
  const repriced = profile !== undefined && prices.input !== undefined && prices.output !== undefined;
  const parts: MeasuredParts = {
    kind,
    prices,
    ...(profile ? { profile } : {}),
    ...(repriced ? {} : { costPer1000: measuredCost(measured, basis) }),
    ...qualityOf(mean, basis, usage),
    usage,
  };
  return withIntervals(parts, measured.name);
}

function usageRows(requests: readonly MeasuredRequest[]): UsageRows {
  const column = (value: (request: MeasuredRequest) => number): Float64Array =>
    Float64Array.from(requests, value);
  const splits = requests.every(({ usage }) => usage.inputTokens === 0 || usage.inputParts !== undefined);
  const part = (name: 'staticPrefix' | 'fewShot' | 'history' | 'retrieved' | 'query') =>
    column(({ usage }) => usage.inputParts?.[name] ?? 0);
  const priced = requests.every(({ cost }) => cost.usd !== null);
  const clustered = requests.every(({ group }) => group !== undefined);
  return {
    columns: {
      ...(splits
        ? {
            staticPrefix: part('staticPrefix'),
            fewShot: part('fewShot'),
            history: part('history'),
            query: part('query'),
            retrieved: part('retrieved'),
            cached: column(({ usage }) => usage.cachedInputTokens),
          }
        : {}),
      output: column(({ usage }) => usage.outputTokens - usage.reasoningTokens),
      reasoning: column(({ usage }) => usage.reasoningTokens),
      embeddedTokens: column(({ usage }) => usage.embeddedTokens),
      coreSeconds: column(({ usage }) => usage.coreSeconds),
      ...(priced ? { costUsd: column(({ cost }) => cost.usd ?? Number.NaN) } : {}),
      correct: column(({ correct }) => correct ?? Number.NaN),
      wrong: column(({ correct, refused }) => (correct === null ? Number.NaN : refused ? 0 : 1 - correct)),
      refused: column(({ correct, refused }) => (correct === null ? Number.NaN : refused ? 1 - correct : 0)),
    },
    ...(clustered ? { clusters: requests.map(({ group }) => group ?? '') } : {}),
  };
}

function profileOf(
  { columns }: UsageRows,
  mean: (column: UsageColumn) => Amount,
  basis: string,
): RequestProfile | undefined {
  if (!columns.staticPrefix) return undefined;
  const [cached, prefix, shots] = [mean('cached'), mean('staticPrefix'), mean('fewShot')];
  const cacheable = (prefix.value ?? 0) + (shots.value ?? 0);
  const share = cacheable > 0 ? Math.min(1, (cached.value ?? 0) / cacheable) : 0;
  return {
    staticPrefix: prefix,
    fewShot: shots,
    history: mean('history'),
    query: mean('query'),
    retrieved: mean('retrieved'),
    output: mean('output'),
    reasoning: mean('reasoning'),
    cachedShare: isKnown(cached) ? { ...cached, value: share, low: share, high: share } : cached,
    retryFactor: enteredFigure(1, 'repeated calls are in the measured tokens'),
    batchShare: enteredFigure(0, 'nothing is sent in batches'),
    embeddedTokens: mean('embeddedTokens'),
    reranks: enteredFigure(0, `no rerank in ${basis}`),
    coreSeconds: mean('coreSeconds'),
  };
}

/** The mean cost of the answers, with the day and source of their prices. */
function measuredCost({ requests, run }: MeasuredArm, basis: string): Amount {
  const unknown = requests.filter(({ cost }) => cost.usd === null);
  if (unknown.length > 0)
    return unknownFigure(
      `the cost of ${unknown.length} of ${requests.length} answers of ${run} is not known (${unknown[0]?.cost.basis})`,
    );
  const sum = requests.reduce((all, { cost }) => all + (cost.usd ?? 0), 0);
  const paid = requests.filter(({ cost }) => cost.source !== 'none');
  const bases = [...new Set(paid.map(({ cost }) => cost.basis))];
  const dates = paid.flatMap(({ cost }) => (cost.priceDate === null ? [] : [cost.priceDate])).sort();
  return measuredFigure((sum / requests.length) * 1000, requests.length, [basis, ...bases].join(': '), {
    date: dates[0] ?? null,
  });
}

function qualityOf(
  mean: (column: UsageColumn) => Amount,
  basis: string,
  { columns }: UsageRows,
): { quality?: ArmQuality } {
  const scores = columns.correct?.filter((value) => !Number.isNaN(value)) ?? new Float64Array();
  if (scores.length === 0) {
    const none = unknownFigure(`no answer of ${basis} was scored`);
    return { quality: { correct: none, wrong: none, refused: none } };
  }
  if (scores.some((score) => score < 0 || score > 1)) {
    const none = unknownFigure('the metric is no share of right answers: its scores lie outside 0 to 1');
    return { quality: { correct: none, wrong: none, refused: none } };
  }
  return { quality: { correct: mean('correct'), wrong: mean('wrong'), refused: mean('refused') } };
}

/** The parts with the interval of each measured mean, by resampling. */
function withIntervals(parts: MeasuredParts, name: string): MeasuredParts {
  const arm: ArmInputs = {
    name,
    hypothetical: false,
    hosting: { form: 'per-token' },
    upfront: { months: enteredFigure(1) },
    maintenance: {},
    ...parts,
  };
  const intervals = new Map<Amount, Figure>(
    resampleUsage([arm], 400, 1).map(({ figure, values }) => [
      figure,
      { ...figure, ...centralInterval(values, figure.value) },
    ]),
  );
  const widen = (amount: Amount): Amount => intervals.get(amount) ?? amount;
  const each = <T extends object>(amounts: T): T =>
    Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, widen(amount as Amount)])) as T;
  return {
    ...parts,
    ...(parts.profile ? { profile: each(parts.profile) } : {}),
    ...(parts.quality ? { quality: each(parts.quality) } : {}),
    ...(parts.costPer1000 ? { costPer1000: widen(parts.costPer1000) } : {}),
  };
}
