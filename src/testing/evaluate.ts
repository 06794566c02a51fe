import { AssertionError } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { FulcrumError, localOwner, packageVersion, type Sample, sampleSchema } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import {
  chooseScorers,
  createRunStore,
  createScorers,
  datasetHash,
  evaluationMigrations,
  type Gate,
  gate,
  gateSentence,
  type RunReport,
  readSamples,
  readScores,
  runEvaluation,
  type ScoreRow,
  type Scorer,
  scoreRows,
  scorersOfDataset,
  summariseStored,
} from '../evaluation/index.ts';
import { readExternalOutput } from '../variants/index.ts';

/** What is evaluated: your own code. */
export interface EvaluateOptions {
  /** JSON Lines file of samples, or samples: {id, input, facts?, reference?, answerable?, group?, …}. */
  readonly samples: string | readonly (Partial<Sample> & Pick<Sample, 'id' | 'input'>)[];
  /** Answers a question: a text, or {answer, contexts?, costUsd?, refused?, …} as an external variant gives it. */
  readonly answer: (question: { id: string; input: string; signal?: AbortSignal | undefined }) => unknown;
  /** `candidate` by default. */
  readonly name?: string | undefined;
  /** Optional metrics beside the default ones. */
  readonly metrics?: readonly string[] | undefined;
  /** Scorers of your own beside the default ones. */
  readonly scorers?: readonly Scorer[] | undefined;
  /** Answers to each sample, 1 by default. */
  readonly repeats?: number | undefined;
  /** Answers at a time, 4 by default. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an evaluation measured. */
export interface VariantReport extends RunReport {
  /** Scores of a metric, one a sample; what `saveScores` writes. Throws `metric-unknown`. */
  rows(metric: string): Promise<ScoreRow[]>;
}

/**
 * Answers every sample with your code and scores the answers, in this process and without a project. A sample that
 * fails counts as an error, never as 0. Throws `record-invalid` for samples that are none, and `metric-unknown`.
 */
export async function evaluateVariant(options: EvaluateOptions): Promise<VariantReport> {
  const { name = 'candidate', answer, repeats, concurrency = 4, signal } = options;
  const content = await samplesOf(options.samples);
  const dataset = {
    name: 'samples',
    hash: datasetHash(content),
    samples: content.length,
    splits: {},
    origin: '',
    importedAt: '',
    content,
  };
  const named = await chooseScorers([...createScorers(), ...(options.scorers ?? [])], options.metrics ?? []);
  const scorers = await scorersOfDataset(named, dataset);
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const store = createRunStore(database);
  const [run] = await runEvaluation({
    dataset,
    variants: [
      {
        name,
        kind: 'external',
        deployable: true,
        definition: { name },
        estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: null }),
        async answer(question) {
          const startedAt = performance.now();
          const id = question.sampleId ?? '';
          const given: unknown = await answer({ id, input: question.input, signal: question.signal });
          const output = typeof given === 'string' ? { answer: given } : given;
          return readExternalOutput(name, output, (performance.now() - startedAt) / 1000);
        },
      },
    ],
    principal: localOwner,
    version: packageVersion(),
    ...{ scorers, store, repeats, concurrency, signal },
  });
  if (!run) throw new FulcrumError('dataset-empty', { path: 'The list of samples' });
  const report = await summariseStored(run, store);
  return { ...report, rows: (metric) => scoreRows([run.id], metric, { store, scorers }) };
}

async function samplesOf(given: EvaluateOptions['samples']): Promise<Sample[]> {
  const samples: Sample[] = [];
  if (typeof given === 'string') {
    for await (const { sample } of readSamples(given)) samples.push(sample);
    return samples;
  }
  for (const [index, sample] of given.entries()) {
    const parsed = sampleSchema.safeParse(sample);
    if (!parsed.success)
      throw new FulcrumError('record-invalid', {
        path: 'samples',
        line: index + 1,
        problem: parsed.error.issues[0]?.message ?? 'not a sample',
      });
    samples.push(parsed.data);
  }
  return samples;
}

/** Writes the scores of a metric as JSON Lines, to be kept as the baseline of later tests. */
export async function saveScores(report: VariantReport, metric: string, path: string): Promise<void> {
  const rows = await report.rows(metric);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/**
 * Asserts that a variant is not worse than a baseline by `margin` or more, by the bounds of `fulcrum compare`. Throws an
 * `AssertionError` that says whether it is worse or nobody can say yet, and how many samples would settle it.
 * @param baseline another report, or a file of `saveScores`.
 */
export async function expectNotWorse(
  candidate: VariantReport,
  baseline: VariantReport | string,
  settings: {
    metric?: string | undefined;
    margin?: number | undefined;
    confidence?: number | undefined;
  } = {},
): Promise<Gate> {
  const { metric = 'correct', margin = 0.05, confidence } = settings;
  const before =
    typeof baseline === 'string'
      ? { name: baseline, rows: await readScores(baseline) }
      : { name: baseline.variant, rows: await baseline.rows(metric) };
  const found = gate({
    candidate: { name: candidate.variant, rows: await candidate.rows(metric) },
    baseline: before,
    ...{ metric, margin, confidence },
  });
  if (found.outcome === 'passed') return found;
  throw new AssertionError({
    message: gateSentence(found),
    actual: found.low,
    expected: -margin,
    operator: 'not worse by the margin',
  });
}
