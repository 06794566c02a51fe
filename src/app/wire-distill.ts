import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { TuningData, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';

export interface DistillRequest extends WorkOptions {
  /** Variant that answers. */
  readonly teacher: string;
  /** Dataset whose inputs are real prompts; never its test samples. */
  readonly dataset: string;
  /** Name of the rows that come of it. */
  readonly name: string;
  /** Metrics with the least score that an answer needs to become a row. */
  readonly filters: readonly { readonly metric: string; readonly least: number }[];
  /** Leaves the system prompt and worked examples out of the rows: what they say is learnt instead of read. */
  readonly prune: boolean;
  readonly sample?: number | undefined;
  readonly budget?: number | undefined;
}

/** What a distillation did. */
export interface Distillation {
  readonly data: TuningData;
  readonly run: string;
  readonly asked: number;
  readonly kept: number;
  /** Answers that did not become rows, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Characters of the prompts as the teacher reads them, and as the student will. */
  readonly promptCharacters: { readonly teacher: number; readonly student: number };
}

/**
 * A teacher's answers to real prompts as rows: asked once (a run, so that what was answered is kept), filtered by scorers, with the teacher's name in every row.
 * Throws `variant-unsuitable` for a teacher whose prompt is not ours, and what a run throws.
 */
export async function distill(project: Project, request: DistillRequest): Promise<Distillation> {
  const { dataset, teacher } = request;
  const evaluation = await project.evaluation();
  const { splits } = await evaluation.datasets.open(dataset);
  if (!splits.train) throw new FulcrumError('split-missing', { dataset, split: 'train' });
  const variant = await (await project.variants()).get(teacher);
  if (!variant.prompt) throw new FulcrumError('variant-unsuitable', { variant: teacher });
  const metrics = request.filters.map(({ metric }) => metric);
  const [report] = await evaluation.run({
    ...request,
    variants: [teacher],
    split: 'train',
    leaveOutLearned: true,
    metrics,
  });
  if (!report) throw new FulcrumError('variant-unsuitable', { variant: teacher });
  const scores = new Map<string, Map<string, number | null>>();
  for (const metric of metrics)
    scores.set(
      metric,
      new Map((await evaluation.scoreRows([report.id], metric)).map(({ sample, value }) => [sample, value])),
    );
  const asked = new Set<string>();
  for await (const results of evaluation.results(report.id))
    for (const { sample } of results) asked.add(sample);
  const { rowsFromDataset } = await import('./wire-tuning-data.ts');
  const prompts = await rowsFromDataset(project, {
    dataset,
    variant: teacher,
    split: 'train',
    only: asked,
    anyAnswer: true,
    signal: request.signal,
  });
  const promptOf = new Map(prompts.rows.map((row) => [row.id, row]));
  const leftOut: Record<string, number> = { ...prompts.leftOut };
  const leave = (reason: string): void => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  const rows: TuningRow[] = [];
  const promptCharacters = { teacher: 0, student: 0 };
  const teacherModel = String(variant.definition.model ?? teacher);
  for await (const results of evaluation.results(report.id))
    for (const { sample } of results) {
      const prompt = promptOf.get(sample);
      if (!prompt) continue;
      const low = request.filters.find(
        ({ metric, least }) => (scores.get(metric)?.get(sample) ?? Number.NEGATIVE_INFINITY) < least,
      );
      if (low) {
        leave(`${low.metric} below ${low.least}`);
        continue;
      }
      const { views } = await evaluation.runs.showSample(report.id, sample);
      const answer = views[0]?.answer;
      if (!answer || answer.answer.trim() === '') {
        leave('no answer');
        continue;
      }
      const turns = prompt.messages.slice(0, -1);
      const student = request.prune ? turns.slice(-1) : turns;
      const length = (messages: readonly { content: string }[]): number =>
        messages.reduce((sum, { content }) => sum + content.length, 0);
      promptCharacters.teacher += length(turns);
      promptCharacters.student += length(student);
      rows.push({
        ...prompt,
        label: undefined,
        messages: [...student, { role: 'assistant', content: answer.answer }],
        teacher: teacherModel,
        origin: { ...prompt.origin, kind: 'teacher' },
      });
    }
  const { data: store } = await project.tuning();
  const { data } = await store.write(request.name, rows, {
    origin: `answers of ${teacher} to ${dataset}`,
    signal: request.signal,
  });
  return { data, run: report.id, asked: report.n, kept: rows.length, leftOut, promptCharacters };
}
