import { type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { answerText, referencesOf } from './answer-text.ts';
import { holdsFact } from './fact-match.ts';
import { scoreContained } from './reference-scorers.ts';
import type { Scorer } from './scorer.ts';

/**
 * The default primary metric: 1 when the answer holds every fact and is no refusal; for an unanswerable sample, when
 * it is a refusal. Without facts a reference must stand in the answer; without either there is no number.
 */
export const correctScorer = {
  name: 'correct',
  description: 'every fact is in the answer (unanswerable: it was refused)',
  direction: 'higher' as const,
  needs: ['facts'] as const,
  score({ sample, answer }: ScoredSample): Score {
    const refused = answer.refusal !== null;
    if (!sample.answerable) return scored(refused ? 1 : 0);
    const references = referencesOf(sample);
    if (!sample.facts?.length && references.length === 0) return undefinedScore('no-gold');
    if (refused) return scored(0, { wrongAbstention: true });
    const text = answerText(answer);
    if (!sample.facts?.length) return scoreContained(text, references);
    const facts = sample.facts.map((forms) => holdsFact(text, forms));
    return scored(facts.every(Boolean) ? 1 : 0, { facts });
  },
} satisfies Scorer;
