import type { PlanAnswers } from '../plan/plan-answers.ts';
import type { HalfLife } from './half-life.ts';

/** How often "it changes" in the words of the questionnaire: by the days until one answer in twenty is out of date. */
export function changesFromHalfLife({ freshDays }: HalfLife): PlanAnswers['changes'] | null {
  if (freshDays === null) return null;
  const days = freshDays.value ?? Number.POSITIVE_INFINITY;
  if (days <= 2) return 'daily';
  if (days <= 14) return 'weekly';
  if (days <= 61) return 'monthly';
  return days <= 731 ? 'yearly' : 'never';
}
