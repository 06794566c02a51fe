import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import { readJsonLines } from '../datasets/json-lines.ts';
import type { ReadDocument } from '../evaluated.ts';
import { type LabelItem, type LabelledRun, labelsOf } from './label-queue.ts';
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
