import { z } from 'zod';
import { FulcrumError, readJsonLines } from '../../core/index.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type LabelItem, type LabelledRun, type LabelQueue, labelsOf } from './label-queue.ts';
import { answerLabelSchema } from './review.ts';
import { reviewItem } from './review-queue.ts';
import type { KeptLabel } from './review-store.ts';

const labelLineSchema = z.object({
  sample: z.string(),
  answers: z.array(z.object({ key: z.string(), label: answerLabelSchema.nullish() })),
});

/** Items with their evidence as JSON Lines, blind to who gave an answer; each `label` is to be filled in. */
export async function exportLabels(items: readonly LabelItem[], readDocument: ReadDocument): Promise<string> {
  const lines: string[] = [];
  for (const { sample, answers, inclusion } of items) {
    const { id, input, reference, facts, answerable } = sample;
    const { evidence } = await reviewItem(sample, readDocument);
    const toLabel = answers.map((answer) => ({ ...answer, label: null }));
    const line = { sample: id, input, reference, facts, answerable, evidence, inclusion, answers: toLabel };
    lines.push(`${JSON.stringify(line)}\n`);
  }
  return lines.join('');
}

/**
 * The labels of a rater as JSON Lines of {sample, variant, label, probability}, as `judge calibrate --labels` reads them. The
 * probability is what was labelled of a stratum over all that it has: the queue comes in random order, so this holds also
 * when somebody stopped half-way. `unsure` is left out. Throws `usage` for two runs of one variant.
 */
export function labelRows(
  queue: LabelQueue,
  runs: readonly LabelledRun[],
  labels: readonly KeptLabel[],
  rater: string,
): string {
  const variants = new Map(runs.map((run) => [run.id, run.variant]));
  if (new Set(variants.values()).size < variants.size)
    throw new FulcrumError('usage', { problem: '--labels needs runs of different variants.' });
  const strata = new Map(queue.items.map((item) => [item.sample.id, item.stratum]));
  const own = labels.filter(
    (label) => label.rater === rater && label.label !== 'unsure' && strata.has(label.sample),
  );
  const labelledIn = (stratum: KeptLabel['stratum'], run: string): number =>
    own.filter((label) => label.run === run && strata.get(label.sample) === stratum).length;
  return own
    .map(({ run, sample, label }) => {
      const stratum = strata.get(sample) as KeptLabel['stratum'];
      const probability = labelledIn(stratum, run) / queue.strata[stratum].total;
      return `${JSON.stringify({ sample, variant: variants.get(run), label: label === 'right', probability })}\n`;
    })
    .join('');
}

/**
 * Reads labels from JSON Lines; answers without one stay open. Throws `review-invalid` for a sample that is not in the queue,
 * an answer that no run gave or a label that is none.
 */
export async function importLabels(
  path: string,
  items: readonly LabelItem[],
  runs: readonly LabelledRun[],
  rater: string,
): Promise<KeptLabel[]> {
  const known = new Map(items.map((item) => [item.sample.id, item]));
  const labels: KeptLabel[] = [];
  for await (const { number, value } of readJsonLines(path)) {
    const fail = (problem: string): FulcrumError =>
      new FulcrumError('review-invalid', { path, line: number, problem });
    const line = labelLineSchema.safeParse(value);
    if (!line.success) {
      const issue = line.error.issues[0];
      throw fail(`"${issue?.path.join('.')}": ${issue?.message}`);
    }
    const item = known.get(line.data.sample);
    if (!item) throw fail(`the sample "${line.data.sample}" is not in the queue of these runs`);
    for (const { key, label } of line.data.answers) {
      if (!item.answers.some((answer) => answer.key === key))
        throw fail(`no run gave the answer "${key}" to the sample "${item.sample.id}"`);
      if (label !== undefined && label !== null) labels.push(...labelsOf(item, key, label, rater, runs));
    }
  }
  return labels;
}
