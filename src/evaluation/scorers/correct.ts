import { type Sample, type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { answerText, referencesOf } from './answer-text.ts';
import { holdsFact } from './fact-match.ts';
import { normaliseLabel } from './label-scorers.ts';
import { scoreContained } from './reference-scorers.ts';
import type { Scorer } from './scorer.ts';

/**
 * The default primary metric: 1 when the answer holds every fact, nothing that it must not, at most `maxWords` words,
 * and is no refusal; for an unanswerable sample, when it is a refusal. Without facts a reference must stand in the
 * answer; without facts, references and forbidden forms the answer must be the label, and without one there is no number.
 */
export const correctScorer = {
  name: 'correct',
  description: 'every fact is in the answer, nothing forbidden, not too long (unanswerable: it was refused)',
  direction: 'higher' as const,
  needs: ['facts'] as const,
  score({ sample, answer }: ScoredSample): Score {
    const refused = answer.refusal !== null;
    if (!sample.answerable) return scored(refused ? 1 : 0);
    const references = referencesOf(sample);
    const labelAlone = !sample.facts?.length && references.length === 0 && !sample.mustNot?.length;
    if (labelAlone && sample.label === undefined) return undefinedScore('no-gold');
    if (refused) return scored(0, { wrongAbstention: true });
    const text = answerText(answer);
    if (labelAlone) return scored(normaliseLabel(text) === normaliseLabel(sample.label ?? '') ? 1 : 0);
    const broken = brokenLimits(text, sample);
    if (!sample.facts?.length) {
      if (Object.keys(broken).length > 0) return scored(0, broken);
      return references.length > 0 ? scoreContained(text, references) : scored(1);
    }
    const facts = sample.facts.map((forms) => holdsFact(text, forms));
    const right = facts.every(Boolean) && Object.keys(broken).length === 0;
    return scored(right ? 1 : 0, { facts, ...broken });
  },
} satisfies Scorer;

/** Which limits an answer breaks; without members where it breaks none. */
function brokenLimits(
  text: string,
  { mustNot = [], maxWords }: Sample,
): { forbidden?: boolean[]; tooLong?: true } {
  const forbidden = mustNot.map((forms) => holdsFact(text, forms));
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  return {
    ...(forbidden.some(Boolean) ? { forbidden } : {}),
    ...(maxWords !== undefined && words > maxWords ? { tooLong: true as const } : {}),
  };
}
