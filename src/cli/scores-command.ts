import type { Config, Evaluation } from '../app/index.ts';
import { FulcrumError, suggest } from '../core/index.ts';
import type { PriceNote, ReportBasis, ReportInput, ReportSettings, ReportSource } from '../decision/index.ts';
import {
  continueSequence,
  isArmName,
  type LookPlan,
  readScores,
  type SampleTexts,
  type ScoreRow,
  spendings,
  takeLook,
  textsOfRows,
  weighRows,
} from '../evaluation/index.ts';
import type { CommandContext } from './command.ts';
import { inputPath, numberOption } from './evaluation-command.ts';
import { sourcesOfRuns } from './report-sources.ts';

/** Options that `compare` and `decide` share. */
export interface ScoresOptions {
  metric?: string;
  margin?: string;
  confidence?: string;
  scores?: string;
  looks?: string;
  spending?: string;
  sequential?: boolean;
  weight?: string[];
  price?: string[];
  withCascades?: boolean;
}

/** Scores to judge, and which look at them this is. */
export interface GivenScores {
  /** Of the primary metric, with the weights and prices that were asked for. */
  readonly rows: readonly ScoreRow[];
  /** The same without them. */
  readonly measured: readonly ScoreRow[];
  readonly metric: string;
  readonly look: number;
  readonly plan: LookPlan | null;
  readonly runs: readonly string[];
  /** One line: the dataset, its split and the runs, or the file of scores. */
  readonly basis: string;
  /** Where the prices of the runs come from; empty for scores from a file. */
  readonly prices: readonly PriceNote[];
  /** What stands behind the scores of each run; empty for scores from a file. */
  readonly sources: readonly ReportSource[];
  /** Defaults of the project; null for scores from a file outside a project. */
  readonly defaults: Config['decision'] | null;
  /** Rows of the metrics `human` and `latency`, for a decision; empty where there are none. */
  readonly asideRows: readonly ScoreRow[];
  /** Hash and name of the dataset of the runs; null for scores from a file. */
  readonly dataset: { readonly name: string; readonly hash: string } | null;
  /** Splits that the runs answered; null for all samples. Empty for scores from a file. */
  readonly splits: readonly (string | null)[];
  /** Rows of the other metrics; empty unless `details` were asked for. */
  readonly otherRows: readonly ScoreRow[];
  /** Questions and answers of the samples that are shown; they are read when they are asked for. */
  readonly textsOf: (samples: readonly string[]) => Promise<ReadonlyMap<string, SampleTexts>>;
}

type GatheredScores = Omit<GivenScores, 'measured'>;

/**
 * Scores from `--scores FILE`, which needs no project, or from runs of the project (the newest of each variant on
 * the newest run's dataset where none is named). For runs the look is counted.
 * @param details also gather what the views show beside the verdict.
 */
export async function gatherScores(
  context: CommandContext,
  options: ScoresOptions,
  runs: readonly string[],
  details = false,
): Promise<GivenScores> {
  const plan = planOf(options);
  const given = await (options.scores === undefined
    ? scoresOfRuns(context, options, { runs, plan, details })
    : scoresOfFile(context, options, plan));
  const { priceRows } = await import('../decision/index.ts');
  const weights = pairOptions('--weight', options.weight);
  const prices = pairOptions('--price', options.price);
  const variants = [...new Set(given.rows.map((row) => row.variant))];
  for (const variant of Object.keys(prices))
    if (!variants.includes(variant))
      throw new FulcrumError('variant-unknown', { variant, suggestion: suggest(variant, variants) });
  return {
    ...given,
    measured: given.rows,
    rows: priceRows(weighRows(given.rows, weights), prices),
    prices: given.prices.filter(({ variant }) => prices[variant] === undefined),
  };
}

async function scoresOfFile(
  context: CommandContext,
  options: ScoresOptions,
  plan: LookPlan | null,
): Promise<GatheredScores> {
  if (options.withCascades)
    throw new FulcrumError('usage', {
      problem: '--with-cascades needs runs: a file of scores holds no confidence.',
    });
  if (plan)
    throw new FulcrumError('usage', {
      problem: '--looks needs runs of a project, where the looks are counted; a file of scores has none.',
    });
  const { findConfig, loadConfig } = await import('../app/index.ts');
  const defaults = findConfig(context.projectDirectory)
    ? (await loadConfig(context.projectDirectory)).decision
    : null;
  const all = await readScores(inputPath(context, options.scores ?? ''));
  const metric = options.metric ?? defaults?.metric ?? 'correct';
  const rows = all.filter((row) => row.metric === metric);
  return {
    rows: rows.length > 0 ? rows : all,
    metric,
    look: 1,
    plan: null,
    runs: [],
    basis: `Scores of ${options.scores}`,
    prices: [],
    sources: [],
    defaults,
    asideRows: all.filter((row) => row.metric !== metric && asideMetrics.includes(row.metric)),
    dataset: null,
    splits: [],
    otherRows: all.filter((row) => row.metric !== metric),
    textsOf: async (samples) => {
      const wanted = new Set(samples);
      return textsOfRows(all.filter(({ sample }) => wanted.has(sample)));
    },
  };
}

async function scoresOfRuns(
  context: CommandContext,
  options: ScoresOptions,
  asked: { runs: readonly string[]; plan: LookPlan | null; details: boolean },
): Promise<GatheredScores> {
  const { withProject } = await import('../app/index.ts');
  return withProject(context.projectDirectory, { signal: context.signal }, async (project) => {
    const evaluation = await project.evaluation();
    const chosen =
      asked.runs.length > 0
        ? [...asked.runs]
        : await newestRuns(evaluation, Object.keys(project.config.variants), context.terminal.notice);
    const defaults = project.config.decision;
    const metric = options.metric ?? defaults.metric;
    const rows = await evaluation.scoreRows(chosen, metric);
    if (options.withCascades) rows.push(...(await evaluation.cascades({ runs: chosen, metric })).rows);
    const [first] = chosen;
    const run = await evaluation.getRun(first ?? '');
    const lookedAt = { dataset: run.dataset.hash, metric, rows };
    const database = await project.database();
    let counted: { rows: readonly ScoreRow[]; look: number; plan: LookPlan | null };
    if (options.sequential) {
      const { rows: sequence, left } = await continueSequence(database, lookedAt);
      if (left > 0)
        context.terminal.notice(
          `${left} new samples belong to groups that this sequence has counted already; they are left out.`,
        );
      counted = { rows: sequence, look: 1, plan: null };
    } else counted = { rows, ...(await takeLook(database, lookedAt, asked.plan)) };
    return {
      ...counted,
      metric,
      runs: chosen,
      basis: await basisOf(evaluation, chosen),
      prices: await pricesOfRuns(evaluation, chosen),
      sources: await sourcesOfRuns(evaluation, chosen),
      defaults,
      asideRows: await latencyRows(evaluation, chosen),
      dataset: run.dataset,
      splits: await Promise.all(chosen.map(async (id) => (await evaluation.getRun(id)).split)),
      otherRows: asked.details ? await otherMetrics(evaluation, chosen, metric) : [],
      textsOf: (samples) =>
        withProject(context.projectDirectory, { signal: context.signal }, async (opened) =>
          (await opened.evaluation()).sampleTexts(chosen, samples),
        ),
    };
  });
}

/** Metrics that a decision looks at beside the primary one: what people say, and how long answers took. */
const asideMetrics = ['human', 'latency'];

/** Times of the answers, where all runs have them. */
async function latencyRows(evaluation: Evaluation, runs: readonly string[]): Promise<ScoreRow[]> {
  const records = await Promise.all(runs.map((id) => evaluation.getRun(id)));
  return records.every(({ metrics }) => metrics.includes('latency'))
    ? evaluation.scoreRows(runs, 'latency')
    : [];
}

/** Rows of the metrics that all runs have, without the primary one. */
async function otherMetrics(
  evaluation: Evaluation,
  runs: readonly string[],
  primary: string,
): Promise<ScoreRow[]> {
  const records = await Promise.all(runs.map((id) => evaluation.getRun(id)));
  const metrics = (records[0]?.metrics ?? []).filter(
    (metric) => metric !== primary && records.every((run) => run.metrics.includes(metric)),
  );
  const rows = [];
  for (const metric of metrics) rows.push(...(await evaluation.scoreRows(runs, metric)));
  return rows;
}

/** The looks that `--looks` and `--spending` declare; null without. */
export function planOf({ looks, spending, sequential }: ScoresOptions): LookPlan | null {
  const planned = numberOption('--looks', looks, { whole: true, least: 1 });
  if (spending !== undefined && planned === undefined)
    throw new FulcrumError('usage', { problem: '--spending belongs to --looks.' });
  if (planned === undefined) return null;
  if (sequential)
    throw new FulcrumError('usage', {
      problem: '--sequential needs no --looks: it allows any number of them.',
    });
  const chosen = spendings.find((name) => name === (spending ?? 'obrien-fleming'));
  if (!chosen)
    throw new FulcrumError('usage', {
      problem: `--spending is one of ${spendings.join(', ')}, not "${spending}".`,
    });
  return { looks: planned, spending: chosen };
}

/** `NAME=NUMBER` options as a record; the name may hold "=" itself. */
export function pairOptions(flag: string, given: readonly string[] | undefined): Record<string, number> {
  return Object.fromEntries(
    (given ?? []).map((text) => {
      const at = text.lastIndexOf('=');
      if (at < 1) throw new FulcrumError('usage', { problem: `${flag} takes NAME=NUMBER, not "${text}".` });
      const value = numberOption(flag, text.slice(at + 1), { whole: false, least: 0 });
      return [text.slice(0, at), value ?? 0];
    }),
  );
}

/** What a report of these scores is made from, but for its texts (`samplesOfReport` says of which samples); the rows are those before weights and prices, which are settings of it. */
export function reportOf(
  given: GivenScores,
  options: ScoresOptions,
  more: Pick<ReportInput, 'title' | 'footer' | 'baseline' | 'others' | 'texts' | 'decided'> & {
    settings: {
      margin: number;
      confidence: number | undefined;
      bar: number | null;
      volume?: number | undefined;
      pair?: ReportSettings['pair'];
    };
  },
): ReportInput & ReportBasis {
  const { margin, confidence = 0.95, bar, volume, pair = null } = more.settings;
  return {
    ...more,
    rows: given.measured,
    metric: given.metric,
    look: given.look,
    plan: given.plan,
    sequential: options.sequential ?? false,
    baseline: more.baseline ?? null,
    prices: given.prices,
    sources: given.sources,
    asideRows: given.asideRows,
    runs: given.runs,
    settings: {
      margin,
      confidence,
      bar,
      volume: volume ?? given.defaults?.volume ?? 10_000,
      weights: pairOptions('--weight', options.weight),
      prices: pairOptions('--price', options.price),
      pair,
    },
  };
}

/**
 * The newest finished run of each variant on the dataset of the newest run that has an answer; not the arms of
 * attributions, unless the project has a variant of that name. Throws `run-unknown` without any.
 * @param onNotice told of each run that is left out because every sample failed in it.
 */
export async function newestRuns(
  evaluation: Evaluation,
  variants: readonly string[],
  onNotice: (text: string) => void,
): Promise<string[]> {
  const finished = (await evaluation.listRuns()).filter(
    (run) => run.finishedAt !== null && (variants.includes(run.variant) || !isArmName(run.variant)),
  );
  let dataset: string | null = null;
  const newest = new Map<string, string>();
  for (const run of finished) {
    if ((dataset !== null && run.dataset.hash !== dataset) || newest.has(run.variant)) continue;
    if (await evaluation.hasAnswer(run.id)) {
      dataset = run.dataset.hash;
      newest.set(run.variant, run.id);
    } else onNotice(`Left out: run ${run.id} of "${run.variant}", in which every sample failed.`);
  }
  if (newest.size === 0)
    throw new FulcrumError('run-unknown', {
      run: '',
      suggestion: finished.length === 0 ? 'There is no finished run yet.' : 'No finished run has an answer.',
    });
  return [...newest.values()];
}

/** One line of what is compared: dataset, split, and the run of each variant. */
async function basisOf(evaluation: Evaluation, ids: readonly string[]): Promise<string> {
  const runs = await Promise.all(ids.map((id) => evaluation.getRun(id)));
  const datasets = [
    ...new Set(
      runs.map(
        ({ dataset, split }) => `"${dataset.name}", ${split === null ? 'all splits' : `split ${split}`}`,
      ),
    ),
  ];
  return `Dataset ${datasets.join(' and ')}; ${runs.map(({ variant, id }) => `${variant}: ${id}`).join(', ')}`;
}

/** Where the prices of the answers of runs come from. */
export async function pricesOfRuns(evaluation: Evaluation, runs: readonly string[]): Promise<PriceNote[]> {
  const { notePrices } = await import('../decision/index.ts');
  const notes = new Map<string, PriceNote>();
  for (const id of runs) {
    const { variant } = await evaluation.getRun(id);
    for await (const page of evaluation.results(id))
      for (const note of notePrices(page.map(({ cost }) => ({ variant, cost }))))
        notes.set(JSON.stringify([note.variant, note.basis]), note);
  }
  return [...notes.values()];
}
