import type { Sample } from '../../core/index.ts';
import { referencesOf } from '../scorers/answer-text.ts';
import { holdsFact, holdsForm, normaliseFact } from '../scorers/fact-match.ts';
import { type FactProblem, type FormProblem, mostFacts } from './fact-proposal.ts';

/** What is left of proposed facts, and what was taken from them and why. */
export interface CheckedFacts {
  readonly facts: readonly (readonly string[])[];
  readonly droppedForms: readonly FormProblem[];
  readonly rejectedFacts: readonly FactProblem[];
}

/** The accepted answers of a sample that say anything. */
export function statedReferences(sample: Sample): string[] {
  return referencesOf(sample).filter((reference) => reference.trim() !== '');
}

/**
 * Takes from proposed facts what is not so: forms that stand in no reference (`invented`), that stand in the question already,
 * that were there before or are empty; then facts without a form, facts that a reference does not hold in any form, and those
 * after the eighth. So every reference, given as the answer, holds every fact that is left.
 */
export function checkFacts(sample: Sample, proposed: readonly (readonly string[])[]): CheckedFacts {
  const references = statedReferences(sample);
  const facts: string[][] = [];
  const droppedForms: FormProblem[] = [];
  const rejectedFacts: FactProblem[] = [];
  const seen = new Set<string>();
  const judge = (form: string, own: readonly string[]): FormProblem | null => {
    const plain = normaliseFact(form);
    if (plain === '') return 'empty';
    if (!references.some((reference) => holdsForm(reference, form))) return 'invented';
    if (holdsForm(sample.input, form)) return 'in-question';
    return seen.has(plain) || own.some((other) => normaliseFact(other) === plain) ? 'duplicate' : null;
  };
  for (const forms of proposed) {
    const kept: string[] = [];
    const problems: FormProblem[] = [];
    for (const form of forms) {
      const problem = judge(form, kept);
      if (problem === null) kept.push(form.trim());
      else problems.push(problem);
    }
    droppedForms.push(...problems);
    if (kept.length === 0) rejectedFacts.push(problems[0] ?? 'empty');
    else if (!references.every((reference) => holdsFact(reference, kept)))
      rejectedFacts.push('not-in-every-reference');
    else if (facts.length >= mostFacts) rejectedFacts.push('too-many');
    else {
      facts.push(kept);
      for (const form of kept) seen.add(normaliseFact(form));
    }
  }
  return { facts, droppedForms, rejectedFacts };
}
