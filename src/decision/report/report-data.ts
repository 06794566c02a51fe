import type { LookPlan, OtherDifference, SampleTexts, ScoreRow } from '../../evaluation/index.ts';
import type { PriceNote } from '../cost.ts';

/** What a reader of the page may change. */
export interface ReportSettings {
  readonly margin: number;
  readonly confidence: number;
  /** Null: variants are compared, and none is recommended. */
  readonly bar: number | null;
  /** Requests a month. */
  readonly volume: number;
  /** USD per 1,000 requests by variant, in place of what was measured. */
  readonly prices: Readonly<Record<string, number>>;
  /** How much the samples of a tag count, 1 where it is not named. */
  readonly weights: Readonly<Record<string, number>>;
  /** The two that slices, flips and samples are shown for; null for those that differ most. */
  readonly pair: readonly [variant: string, against: string] | null;
}

/** What the page cannot change, since it is part of how the samples came about. */
export interface ReportBasis {
  readonly metric: string;
  readonly look: number;
  readonly plan: LookPlan | null;
  readonly sequential: boolean;
  readonly baseline: string | null;
}

/** A variant with one cell for each sample: null without a row. */
interface ReportVariant {
  readonly name: string;
  readonly deployable: boolean;
  readonly cells: readonly (ReportCell | null)[];
}

/** Value, reason for its absence, cost in USD, confidence. */
type ReportCell = readonly [
  value: number | null,
  reason: string | null,
  costUsd: number | null,
  confidence: number | null,
];

interface ReportSample {
  readonly id: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly weight: number;
}

/** Everything that the page carries, as JSON. */
export interface ReportData {
  readonly title: string;
  readonly footer: string;
  readonly basis: ReportBasis;
  readonly settings: ReportSettings;
  readonly samples: readonly ReportSample[];
  readonly variants: readonly ReportVariant[];
  readonly prices: readonly PriceNote[];
  readonly runs: readonly string[];
  /** Differences on the other metrics, as they were when the page was made. */
  readonly others: readonly OtherDifference[];
  readonly texts: Readonly<Record<string, SampleTexts>>;
  /** Samples whose texts the page does not carry. */
  readonly withoutTexts: number;
}

/** What a report is made of. */
export interface ReportInput extends Omit<ReportBasis, 'baseline'> {
  readonly rows: readonly ScoreRow[];
  readonly settings: ReportSettings;
  readonly baseline?: string | null | undefined;
  readonly title?: string | undefined;
  /** Printed at the end, for example the command and the date. */
  readonly footer?: string | undefined;
  readonly prices?: readonly PriceNote[] | undefined;
  readonly runs?: readonly string[] | undefined;
  readonly others?: readonly OtherDifference[] | undefined;
  readonly texts?: ReadonlyMap<string, SampleTexts> | undefined;
}

/** Samples whose texts a page carries; those on which the variants differ most go first. */
const mostTexts = 300;
/** Characters of one text that a page carries. */
const mostCharacters = 4000;

/** Packs rows and texts into what the page carries. Clusters keep the order in which the rows name them. */
export function packReport(input: ReportInput): ReportData {
  const rows = input.rows.filter((row) => row.metric === input.metric);
  const samples = new Map<string, ReportSample>();
  const byVariant = new Map<string, Map<string, ScoreRow>>();
  for (const row of rows) {
    const { sample: id, tags = [], weight = 1 } = row;
    if (!samples.has(id)) samples.set(id, { id, group: row.group ?? id, tags, weight });
    const own = byVariant.get(row.variant) ?? new Map<string, ScoreRow>();
    byVariant.set(row.variant, own.set(id, row));
  }
  const order = [...samples.values()];
  const given = input.texts ?? new Map<string, SampleTexts>();
  const texts = Object.fromEntries(
    samplesOfReport(input).flatMap((id) => {
      const known = given.get(id);
      return known ? [[id, shortened(known)]] : [];
    }),
  );
  return {
    title: input.title ?? 'Fulcrum: comparison',
    footer: input.footer ?? '',
    basis: {
      metric: input.metric,
      look: input.look,
      plan: input.plan,
      sequential: input.sequential,
      baseline: input.baseline ?? null,
    },
    settings: input.settings,
    samples: order,
    variants: [...byVariant].sort().map(([name, own]) => ({
      name,
      deployable: [...own.values()].every((row) => row.deployable !== false),
      cells: order.map(({ id }) => cellOf(own.get(id))),
    })),
    prices: input.prices ?? [],
    runs: input.runs ?? [],
    others: input.others ?? [],
    texts,
    withoutTexts: order.length - Object.keys(texts).length,
  };
}

function cellOf(row: ScoreRow | undefined): ReportCell | null {
  return row ? [row.value, row.reason ?? null, row.costUsd ?? null, row.confidence ?? null] : null;
}

/** The rows that the page was made from. */
export function unpackRows(data: ReportData): ScoreRow[] {
  return data.samples.flatMap((sample, index) =>
    data.variants.flatMap(({ name, deployable, cells }): ScoreRow[] => {
      const cell = cells[index];
      if (!cell) return [];
      const [value, reason, costUsd, confidence] = cell;
      return [
        {
          sample: sample.id,
          variant: name,
          metric: data.basis.metric,
          group: sample.group,
          tags: [...sample.tags],
          weight: sample.weight,
          value,
          ...(reason === null ? {} : { reason }),
          costUsd,
          confidence,
          deployable,
        },
      ];
    }),
  );
}

/** The samples whose texts a page carries: those on which the variants differ most, or lack a score. */
export function samplesOfReport({ rows, metric }: Pick<ReportInput, 'rows' | 'metric'>): string[] {
  const values = new Map<string, (number | null)[]>();
  const variants = new Set<string>();
  for (const row of rows) {
    if (row.metric !== metric) continue;
    variants.add(row.variant);
    const own = values.get(row.sample) ?? [];
    values.set(row.sample, own);
    own.push(row.value);
  }
  const spread = (of: readonly (number | null)[]): number => {
    const scored = of.filter((value) => value !== null);
    if (scored.length < variants.size) return Number.POSITIVE_INFINITY;
    return Math.max(...scored) - Math.min(...scored);
  };
  return [...values]
    .map(([id, of]) => ({ id, spread: spread(of) }))
    .sort((a, b) => (a.spread === b.spread ? 0 : b.spread - a.spread))
    .slice(0, mostTexts)
    .map(({ id }) => id);
}

function shortened(texts: SampleTexts): SampleTexts {
  const cut = (text: string): string =>
    text.length > mostCharacters ? `${text.slice(0, mostCharacters)} … (cut)` : text;
  const quotes = (list: SampleTexts['evidence']): SampleTexts['evidence'] =>
    list.map(({ source, quote }) => ({ source, quote: cut(quote) }));
  return {
    input: texts.input === null ? null : cut(texts.input),
    expected: texts.expected.map(cut),
    evidence: quotes(texts.evidence),
    answers: Object.fromEntries(
      Object.entries(texts.answers).map(([variant, answer]) => [
        variant,
        {
          ...answer,
          output: answer.output === null ? null : cut(answer.output),
          quotes: quotes(answer.quotes),
        },
      ]),
    ),
  };
}
