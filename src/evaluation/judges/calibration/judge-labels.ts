import { z } from 'zod';
import { FulcrumError, readJsonLines } from '../../../core/index.ts';

/** What a person says of one answer: the contract of `judge calibrate --labels FILE` (JSONL, one row a line). */
export const judgeLabelSchema = z.strictObject({
  sample: z.string().min(1),
  /** Variant whose answer was judged; needed where there is more than one. */
  variant: z.string().min(1).optional(),
  /** Whether the answer is good. */
  label: z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean),
  /** Probability with which this sample was chosen to be labelled; the same for all by default. */
  probability: z.number().positive().max(1).optional(),
});
export type JudgeLabel = z.infer<typeof judgeLabelSchema>;

/** Reads labels. Throws `file-not-found`, or `labels-invalid` for a line that is wrong or repeats another. */
export async function readJudgeLabels(path: string): Promise<JudgeLabel[]> {
  const labels: JudgeLabel[] = [];
  const seen = new Set<string>();
  for await (const { number: line, value } of readJsonLines(path)) {
    const read = judgeLabelSchema.safeParse(value);
    if (!read.success) {
      const [issue] = read.error.issues;
      const problem = `"${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'not a label'}.`;
      throw new FulcrumError('labels-invalid', { path, line, problem });
    }
    const key = JSON.stringify([read.data.sample, read.data.variant]);
    if (seen.has(key)) {
      const problem = `a second label for the sample "${read.data.sample}" and the same variant.`;
      throw new FulcrumError('labels-invalid', { path, line, problem });
    }
    seen.add(key);
    labels.push(read.data);
  }
  return labels;
}
