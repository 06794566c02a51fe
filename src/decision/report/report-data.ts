import type { LookPlan, OtherDifference, SampleTexts, ScoreRow } from '../../evaluation/index.ts';
import type { PriceNote } from '../cost.ts';
import {
  type PackedMetric,
  type PackedSample,
  type PackedVariant,
  packMetric,
  packSamples,
  unpackMetric,
} from './pack-rows.ts';
import type { ReportDecided, ReportSettings } from './report-settings.ts';
import { settingsOfDecided } from './settings-costing.ts';

/** What the page cannot change, since it is part of how the samples came about. */
export interface ReportBasis {
  readonly metric: string;
  readonly look: number;
  readonly plan: LookPlan | null;
  readonly sequential: boolean;
  readonly baseline: string | null;
}

/** Where the scores of a variant come from. */
export interface ReportSource {
  readonly variant: string;
  /** Id of the run; null where there is none. */
  readonly run: string | null;
  /** In words, such as "test split of questions, model provider/name". */
  readonly what: string;
  /** ISO day; null where it is not known. */
  readonly date: string | null;
}

/** Everything that the page carries, as JSON. */
export interface ReportData {
  readonly title: string;
  readonly footer: string;
  readonly basis: ReportBasis;
  readonly settings: ReportSettings;
  readonly samples: readonly PackedSample[];
  readonly variants: readonly PackedVariant[];
  /** Scores of other metrics that a decision looks at, such as what people say. */
  readonly asides: readonly PackedMetric[];
  readonly decided: ReportDecided;
  readonly prices: readonly PriceNote[];
  readonly runs: readonly string[];
  readonly sources: readonly ReportSource[];
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
  readonly sources?: readonly ReportSource[] | undefined;
  /** Rows of other metrics that a decision looks at. */
  readonly asideRows?: readonly ScoreRow[] | undefined;
  readonly decided?: ReportDecided | undefined;
  readonly others?: readonly OtherDifference[] | undefined;
  readonly texts?: ReadonlyMap<string, SampleTexts> | undefined;
}

/** Samples whose texts a page carries; those on which the variants differ most go first. */
const mostTexts = 300;
/** Characters of one text that a page carries. */
const mostCharacters = 4000;

/** Packs rows and texts into what the page carries. */
export function packReport(input: ReportInput): ReportData {
  const { metric, asideRows = [], decided = {} } = input;
  const rows = input.rows.filter((row) => row.metric === metric);
  const samples = packSamples([...rows, ...asideRows]);
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
      metric,
      look: input.look,
      plan: input.plan,
      sequential: input.sequential,
      baseline: input.baseline ?? null,
    },
    settings: { ...input.settings, ...settingsOfDecided(decided) },
    samples,
    variants: packMetric(metric, rows, samples).variants,
    asides: [...new Set(asideRows.map((row) => row.metric))].map((name) =>
      packMetric(name, asideRows, samples),
    ),
    decided: handedThrough(decided),
    prices: input.prices ?? [],
    runs: input.runs ?? [],
    sources: input.sources ?? [],
    others: input.others ?? [],
    texts,
    withoutTexts: samples.length - Object.keys(texts).length,
  };
}

/**
 * What a page hands through. Measured requests stay at home: their means and intervals are in the figures, and decisions are made
 * of those.
 */
function handedThrough(given: ReportDecided): ReportDecided {
  const { money, maxP95, costing, labels, facts, seal, runs } = given;
  return {
    ...{ money, maxP95, labels, facts, seal, runs },
    costing: costing && { ...costing, arms: costing.arms.map(({ usage: _, ...arm }) => arm) },
  };
}

/** The rows of the primary metric that the page was made from. */
export function unpackRows({ basis, variants, samples }: ReportData): ScoreRow[] {
  return unpackMetric({ metric: basis.metric, variants }, samples);
}

/** What a decision is made with beside those rows and the settings. */
export function surroundingsOf({ asides, samples, decided }: ReportData): ReportSurroundings {
  return { decided, asideRows: asides.flatMap((metric) => unpackMetric(metric, samples)) };
}

/** What a model is computed of beside rows and settings. */
export interface ReportSurroundings {
  readonly decided?: ReportDecided | undefined;
  readonly asideRows?: readonly ScoreRow[] | undefined;
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
