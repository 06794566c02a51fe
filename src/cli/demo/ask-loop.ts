import type { Answer } from '../../core/index.ts';
import type { Say } from './say.ts';

/** Asks for questions until an empty one or ctrl-C; does nothing where nobody can type. */
export async function askLoop(
  interactive: boolean,
  say: Say,
  ask: (question: string) => Promise<Answer>,
): Promise<void> {
  if (!interactive) return;
  const { isCancel, text } = await import('@clack/prompts');
  for (;;) {
    const question = await text({ message: 'Your question (empty to end)', defaultValue: '' });
    if (isCancel(question) || question.trim() === '') return;
    say.answer(question, await ask(question));
  }
}
