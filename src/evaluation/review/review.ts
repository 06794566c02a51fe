import { z } from 'zod';
import { contentHash, type Sample } from '../../core/index.ts';

/** What a person makes of a sample: `skip` leaves it open for later and counts nowhere. */
export const reviewDecisionSchema = z.enum(['accept', 'edit', 'reject', 'skip']);
export type ReviewDecision = z.infer<typeof reviewDecisionSchema>;

/** What a person judges an answer to be; `unsure` counts as no label. */
export const answerLabelSchema = z.enum(['right', 'wrong', 'unsure']);
export type AnswerLabel = z.infer<typeof answerLabelSchema>;

/** Members of a sample that a reviewer may change. An empty text or list takes the member away. */
export const sampleEditSchema = z.strictObject({
  input: z.string().min(1).optional(),
  reference: z.string().optional(),
  facts: z.array(z.array(z.string().min(1)).min(1)).optional(),
});
export type SampleEdit = z.infer<typeof sampleEditSchema>;

/** One decision of one rater. */
export interface Review {
  readonly sample: string;
  readonly rater: string;
  readonly decision: ReviewDecision;
  /** Present for `edit`. */
  readonly edit: SampleEdit | null;
  readonly note: string | null;
  /** `sampleHash` of what was judged: a decision on a sample that has changed since counts no longer. */
  readonly sampleHash: string;
}

/** Hash of what a reviewer judges; tags and split play no part. */
export function sampleHash({
  id,
  input,
  reference,
  references,
  facts,
  answerable,
  evidence,
}: Sample): string {
  return contentHash({ id, input, reference, references, facts, answerable, evidence });
}

/** The sample with an edit applied. */
export function editSample(sample: Sample, edit: SampleEdit): Sample {
  const { reference: oldReference, facts: oldFacts, ...rest } = sample;
  const reference = edit.reference ?? oldReference;
  const facts = edit.facts ?? oldFacts;
  return {
    ...rest,
    input: edit.input ?? sample.input,
    ...(reference === undefined || reference === '' ? {} : { reference }),
    ...(facts === undefined || facts.length === 0 ? {} : { facts }),
  };
}

/** The members that differ between a sample and what somebody made of it; null where none does. */
export function differenceOf(
  sample: Sample,
  given: { input?: string | undefined; reference?: string | undefined; facts?: string[][] | undefined },
): SampleEdit | null {
  const edit: SampleEdit = {};
  if (given.input !== undefined && given.input !== sample.input) edit.input = given.input;
  if (given.reference !== undefined && given.reference !== (sample.reference ?? ''))
    edit.reference = given.reference;
  if (given.facts !== undefined && contentHash(given.facts) !== contentHash(sample.facts ?? []))
    edit.facts = given.facts;
  return Object.keys(edit).length === 0 ? null : edit;
}
