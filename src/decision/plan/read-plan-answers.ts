import { FulcrumError, suggest } from '../../core/index.ts';
import { type PlanAnswers, planAnswersSchema, planQuestions } from './plan-answers.ts';

const kindOf = new Map<string, string>(planQuestions.map(({ key, kind }) => [key, kind]));

/**
 * Answers from what a file held (JSON or YAML, already parsed). `yes` and `no`, which are words in YAML, answer as they do on a
 * terminal. Throws `plan-answers-invalid` with the key at fault and, for a misspelt one, the right one.
 */
export function readPlanAnswers(value: unknown, path: string): PlanAnswers {
  const parsed = planAnswersSchema.safeParse(withYesAndNo(value));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const keys = Object.keys(planAnswersSchema.shape);
  const wrong = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const problem =
    wrong === undefined
      ? `${issue?.path.length ? `"${issue.path.join('.')}" ` : ''}${issue?.message ?? 'is not valid'}`
      : `unknown key "${wrong}". ${suggest(wrong, keys)}`;
  throw new FulcrumError('plan-answers-invalid', { path, problem });
}

function withYesAndNo(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, answer]): [string, unknown] => [
      key,
      kindOf.get(key) === 'yes-no' && typeof answer === 'string' ? parseWord('yes-no', answer) : answer,
    ]),
  );
}

/** Answers from `key=value` words of a command line; throws `plan-answers-invalid`. */
export function readPlanWords(words: readonly string[]): PlanAnswers {
  const entries = words.map((word): [string, unknown] => {
    const at = word.indexOf('=');
    if (at < 1)
      throw new FulcrumError('plan-answers-invalid', {
        path: '--set',
        problem: `"${word}" is not key=value`,
      });
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    return [key, parseWord(kindOf.get(key), value)];
  });
  return readPlanAnswers(Object.fromEntries(entries), '--set');
}

function parseWord(kind: string | undefined, value: string): unknown {
  if (kind === 'yes-no')
    return value === 'yes' || value === 'true' ? true : value === 'no' || value === 'false' ? false : value;
  if (kind === 'count' || kind === undefined) {
    const number = Number(value.replaceAll('_', ''));
    return value.trim() === '' || Number.isNaN(number) ? value : number;
  }
  return kind === 'choices' ? value.split(',') : value;
}
