import { scored, undefinedScore } from '../../core/index.ts';
import { answerText } from './answer-text.ts';
import type { Scorer } from './scorer.ts';

/** Whether the output is the label, white space at the ends aside. */
export const accuracyScorer: Scorer = {
  name: 'accuracy',
  description: 'the output is the label',
  direction: 'higher',
  needs: ['label'],
  score: ({ sample, answer }) =>
    sample.label === undefined
      ? undefinedScore('no-gold')
      : scored(answerText(answer).trim() === sample.label.trim() ? 1 : 0),
};
