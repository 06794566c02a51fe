import type { Message } from '../../models/index.ts';
import { visibleText } from './visible-text.ts';

/** What the model is told to say when it cannot answer; an answer that begins so is a refusal. */
export const refusalPhrase = 'NOT ANSWERABLE';

/** Instructions with passages for hosted models; `{refusal}` is the phrase above. */
export const groundedInstructions =
  'Answer the question from the numbered passages only, in one or two short sentences. End each sentence with the number of its passage, like [1]. If the passages do not hold the answer, say exactly: {refusal}';

/** Shorter ones for local models, which follow longer ones less; docs/variants.md has what was tried. */
export const localGroundedInstructions =
  'Use the passages to answer the question in one short sentence. Write the number of the passage at the end, like [1].';

/** Instructions without passages. */
export const closedBookInstructions =
  'Answer the question in one or two short sentences. If you do not know the answer, say exactly: {refusal}';

/** Instructions without passages where a refusal is not wanted: what does the model know, or guess? */
export const forcedInstructions =
  'Answer the question in one or two short sentences. If you are not sure, give your best guess.';

/** A numbered passage as the model sees it. */
export interface ShownPassage {
  readonly number: number;
  readonly title: string;
  readonly text: string;
}

/** The turns of a question over passages; the passages are quoted data, the question comes last. */
export function groundedPrompt(
  question: string,
  passages: readonly ShownPassage[],
  instructions = groundedInstructions,
): Message[] {
  const shown = passages.map(({ number, title, text }) =>
    visibleText(`[${number}] ${title === '' ? '' : `${title}: `}${text}`),
  );
  return [
    ...systemTurn(instructions),
    {
      role: 'user',
      content: `Passages:\n${shown.length === 0 ? '(none)' : shown.join('\n')}\n\nQuestion: ${question}`,
    },
  ];
}

/** The turns of a question without passages. */
export function closedBookPrompt(question: string, instructions = closedBookInstructions): Message[] {
  return [...systemTurn(instructions), { role: 'user', content: question }];
}

/** The instructions as a turn; none where they are empty. */
function systemTurn(instructions: string): Message[] {
  return instructions === ''
    ? []
    : [{ role: 'system', content: instructions.replaceAll('{refusal}', refusalPhrase) }];
}

/** Whether a model's text is the refusal phrase, alone or at the beginning (case and marks around it aside). */
export function isRefusalText(text: string): boolean {
  return text
    .slice(0, 200)
    .replace(/^[^\p{L}]+/u, '')
    .toUpperCase()
    .startsWith(refusalPhrase);
}
