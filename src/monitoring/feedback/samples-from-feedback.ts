import { type Sample, sha256 } from '../../core/index.ts';
import type { Trace } from '../traces/trace.ts';
import type { StoredFeedback } from './feedback.ts';

/** A judged request as a sample, or why it makes none. */
export type JudgedSample = { readonly sample: Sample } | { readonly leftOut: LeftOut };

/** Why a judged request makes no sample. */
export type LeftOut = 'texts are not kept' | 'nothing says what the answer should be' | 'people disagree';

/**
 * A sample from what people said of an answer: a correction is its reference; a thumbs up makes the answer itself one, unless somebody
 * said the opposite. What was cited is its evidence where people agreed with the answer. It is a proposal for reviewers, not truth: its tags say
 * where it is from. Requests of one conversation, or else of one user, are one group, so that no split takes them apart.
 */
export function sampleFromFeedback(trace: Trace, said: readonly StoredFeedback[]): JudgedSample {
  const { content } = trace;
  if (content === null) return { leftOut: 'texts are not kept' };
  const ofAnswer = said.filter(({ citation }) => citation === undefined);
  const corrections = [...new Set(ofAnswer.flatMap(({ correction }) => correction ?? []))];
  const ups = ofAnswer.filter(({ thumbs }) => thumbs === 'up').length;
  const downs = ofAnswer.filter(({ thumbs }) => thumbs === 'down').length;
  if (corrections.length > 1 || (corrections.length === 0 && ups > 0 && downs > 0))
    return { leftOut: 'people disagree' };
  const [correction] = corrections;
  const agreed = correction === undefined && ups > 0;
  if (correction === undefined && (!agreed || content.answer.trim() === '' || trace.status !== 'answered'))
    return { leftOut: 'nothing says what the answer should be' };
  const reference = correction ?? withoutMarkers(content.answer);
  return {
    sample: {
      id: `trace-${trace.id}`,
      input: content.input,
      reference,
      answerable: true,
      ...(agreed &&
        content.citations.length > 0 && {
          evidence: content.citations.map(({ documentId, start, end, quote }) => ({
            ...{ document: documentId, start, end, hash: sha256(quote) },
          })),
        }),
      group: trace.conversation === null ? `user-${trace.user}` : `conversation-${trace.conversation}`,
      tags: ['feedback', agreed ? 'thumbs-up' : 'corrected'],
    },
  };
}

/** The words of an answer without the numbers of its citations. */
function withoutMarkers(answer: string): string {
  return answer.replace(/ ?\[\d+\]/g, '').trim();
}
