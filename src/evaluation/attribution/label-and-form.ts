import type { Answer, Sample, Score } from '../../core/index.ts';
import { answerText } from '../scorers/answer-text.ts';
import { normaliseFact } from '../scorers/fact-match.ts';
import { tokenF1 } from '../scorers/squad.ts';

/** Token F1 from which two answers count as the same. */
const sameAnswer = 0.8;

/** Shortest fact, in letters and digits, that may be recognised without its form. */
const leastLetters = 4;

/**
 * Why a label is to be doubted, once the variant and its gold arm are wrong: the evidence does not state a fact; or the
 * model says the same by memory, with what it retrieved, and with the gold evidence before it. Null otherwise.
 * @param missing facts that do not stand in the evidence.
 * @param stock answers that were given to several questions; agreeing on one of these proves nothing.
 */
export function doubtLabel(
  missing: readonly string[],
  answers: Readonly<Record<'base' | 'gold' | 'noContext', Answer | undefined>>,
  stock: ReadonlySet<string> = new Set(),
): string | null {
  if (missing.length > 0) return 'the gold evidence does not state every fact';
  const { base, gold, noContext } = answers;
  if (!base || !gold || !noContext || stock.has(normaliseFact(base.answer))) return null;
  const [first, second, third] = [base, gold, noContext].map(answerText) as [string, string, string];
  const alike = (a: string, b: string): boolean => a.trim() !== '' && tokenF1(a, [b]) >= sameAnswer;
  return alike(first, second) && alike(second, third) && alike(first, third)
    ? 'all arms agree with each other, not with the reference'
    : null;
}

/** Answers that occur more than once among those to different questions, normalised. */
export function stockAnswers(answers: Iterable<Answer>): Set<string> {
  const seen = new Set<string>();
  const stock = new Set<string>();
  for (const { answer } of answers) {
    const text = normaliseFact(answer);
    if (seen.has(text)) stock.add(text);
    seen.add(text);
  }
  return stock;
}

/** Ending of the metrics that are 1 where an answer has not the form that was asked for (`order.invalid`). */
const invalidEnding = '.invalid';

/** The metric that says that an answer has not the form that was asked for; null where none does. */
export function invalidBy(scores: Readonly<Record<string, Score>>): string | null {
  const found = Object.entries(scores).find(
    ([metric, score]) => metric.endsWith(invalidEnding) && score.status === 'scored' && score.value === 1,
  );
  return found ? `${found[0]} is 1` : null;
}

/** Why only the form of a wrong answer is at fault: every fact is in it but for its case, spaces and signs. */
export function faultOfForm(sample: Sample, answer: Answer | undefined): string | null {
  const facts = sample.facts ?? [];
  if (!answer || facts.length === 0) return null;
  const text = lettersOf(answerText(answer));
  const held = facts.every((forms) =>
    forms.some((form) => {
      const letters = lettersOf(form);
      return letters.length >= leastLetters && text.includes(letters);
    }),
  );
  return held ? 'every fact is there but for its form' : null;
}

function lettersOf(text: string): string {
  return normaliseFact(text).replace(/[^\p{L}\p{N}]/gu, '');
}
