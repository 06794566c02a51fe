import { z } from 'zod';
import {
  type Answer,
  contentHash,
  FulcrumError,
  readJsonLines,
  type Sample,
  type Score,
  sha256,
} from '../../core/index.ts';
import { correctScorer } from '../scorers/correct.ts';
import { isNoAnswer } from '../scorers/reference-scorers.ts';
import { type Run, runSchema, type SampleResult, sampleResultSchema } from './run.ts';
import type { RunStore } from './run-store.ts';

const headerSchema = z.strictObject({
  schema: z.literal('fulcrum-recorded-run/1'),
  run: runSchema.omit({ id: true, origin: true }),
});

/**
 * The run as JSON Lines without any text of answers or documents: per sample its scores, usage, cost, refusal,
 * confidence and the sha256 of the answer. For keeping beside code and comparing again later.
 */
export async function* exportRecordedRun(id: string, store: RunStore): AsyncGenerator<string> {
  const { id: _id, origin: _origin, ...run } = await store.get(id);
  const header: z.infer<typeof headerSchema> = { schema: 'fulcrum-recorded-run/1', run };
  yield `${JSON.stringify(header)}\n`;
  for await (const results of store.pages(id, 'sample'))
    yield results
      .map((result) => `${JSON.stringify({ ...result, scores: withoutDetails(result.scores) })}\n`)
      .join('');
}

function withoutDetails(scores: Readonly<Record<string, Score>>): Record<string, Score> {
  return Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [
      name,
      score.status === 'scored'
        ? {
            status: score.status,
            value: score.value,
            ...(isNoAnswer(score) ? { detail: { noAnswer: true } } : {}),
          }
        : score,
    ]),
  );
}

/**
 * Takes in a file of `exportRecordedRun` as a finished run, marked `recorded`; the same file again gives the same
 * run. Throws `file-not-found` or `record-invalid` with the number of the line.
 */
export async function importRecordedRun(path: string, store: RunStore): Promise<Run> {
  let run: z.infer<typeof headerSchema>['run'] | null = null;
  const results: SampleResult[] = [];
  for await (const { number, value } of readJsonLines(path)) {
    if (run === null) run = parse(headerSchema, value, path, number).run;
    else results.push(parse(sampleResultSchema, value, path, number));
  }
  if (run === null) throw invalid(path, 1, 'the file is empty');
  if (results.length !== run.samples)
    throw invalid(path, results.length + 1, `the run has ${run.samples} samples, the file ${results.length}`);
  const id = `run_recorded-${contentHash([run, results]).slice(0, 12)}`;
  const recorded: Run = { ...run, id, origin: 'recorded' };
  await store.put(recorded, results);
  return recorded;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, path: string, line: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(
    path,
    line,
    `${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? 'not a recorded run'}`.trim(),
  );
}

function invalid(path: string, line: number, problem: string): FulcrumError {
  return new FulcrumError('record-invalid', { path, line, problem });
}

/** How far answers given now agree with recorded ones. */
export interface RecordedAudit {
  /** Samples that were answered again. */
  readonly compared: number;
  /** Answers with the very same text. */
  readonly sameOutput: number;
  /** Answers with the same `correct` score, or with none both times. */
  readonly sameCorrect: number;
  readonly differences: readonly { sample: string; recorded: number | null; live: number | null }[];
}

/**
 * Compares answers given now with the recorded results of the same samples, by the hash of the text and by the
 * `correct` score. Throws `run-mismatch` for a sample that was not recorded.
 */
export function auditRecorded(
  recorded: readonly SampleResult[],
  live: readonly { sample: Sample; answer: Answer }[],
): RecordedAudit {
  const bySample = new Map(recorded.map((result) => [result.sample, result]));
  const differences: { sample: string; recorded: number | null; live: number | null }[] = [];
  let sameOutput = 0;
  for (const { sample, answer } of live) {
    const before = bySample.get(sample.id);
    if (!before)
      throw new FulcrumError('run-mismatch', {
        problem: `sample "${sample.id}" was not recorded.`,
        metric: 'correct',
      });
    if (before.output === sha256(answer.answer)) sameOutput++;
    const was = numberOf(before.scores[correctScorer.name]);
    const is = numberOf(correctScorer.score({ sample, answer }));
    if (was !== is) differences.push({ sample: sample.id, recorded: was, live: is });
  }
  return { compared: live.length, sameOutput, sameCorrect: live.length - differences.length, differences };
}

function numberOf(score: Score | undefined): number | null {
  return score?.status === 'scored' ? score.value : null;
}
