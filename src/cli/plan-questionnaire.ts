import { type PlanAnswers, type PlanQuestion, planQuestions } from '../decision/index.ts';
import type { ReviewPrompts } from './review/review-prompts.ts';

/** Stands for "not known" among the choices of a question. */
const unknown = { value: '', label: 'not known' };

/**
 * Asks the questions of the questionnaire that `known` leaves open; what is left empty is not known. Null when the person
 * stopped.
 */
export async function askPlanQuestions(
  known: PlanAnswers,
  prompts: ReviewPrompts,
): Promise<PlanAnswers | null> {
  let answers = known;
  for (const question of planQuestions) {
    if (answers[question.key] !== undefined || !(question.when?.(answers) ?? true)) continue;
    const answer = await askOne(question, prompts);
    if (answer === null) return null;
    if (answer !== '') answers = { ...answers, [question.key]: answer };
  }
  return answers;
}

/** The answer as the questionnaire's file would hold it; empty for not known, null to stop. */
async function askOne({ ask, kind, choices = [] }: PlanQuestion, prompts: ReviewPrompts): Promise<unknown> {
  switch (kind) {
    case 'yes-no': {
      const options = [{ value: 'yes', label: 'yes' }, { value: 'no', label: 'no' }, unknown];
      const chosen = await prompts.choose(ask, options);
      return chosen === 'yes' ? true : chosen === 'no' ? false : chosen;
    }
    case 'choice':
    case 'choices': {
      const options = [...choices.map(([value, label]) => ({ value, label })), unknown];
      const chosen = await prompts.choose(ask, options);
      return kind === 'choices' && chosen ? [chosen] : chosen;
    }
    case 'count':
      return askNumber(ask, prompts);
    case 'text':
      return prompts.write(`${ask} (empty: not known)`, '');
  }
}

async function askNumber(ask: string, prompts: ReviewPrompts): Promise<number | '' | null> {
  for (;;) {
    const written = await prompts.write(`${ask} (empty: not known)`, '');
    if (written === null || written.trim() === '') return written === null ? null : '';
    const digits = written.trim().replace(/[\s,_]/g, '');
    if (/^\d+$/.test(digits)) return Number(digits);
    prompts.show(`"${written}" is not a whole number.`);
  }
}
