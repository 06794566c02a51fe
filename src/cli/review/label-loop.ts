import type { LabelingSession } from '../../app/index.ts';
import { printable } from '../printable.ts';
import type { ReviewPrompts } from './review-prompts.ts';
import { showItem } from './show-item.ts';

const choices = [
  { value: 'right', label: 'right' },
  { value: 'wrong', label: 'wrong' },
  { value: 'unsure', label: 'unsure', hint: 'counts as no label' },
  { value: 'stop', label: 'stop', hint: 'what was labelled is kept' },
] as const;

/**
 * Shows each open item with its different answers as A, B, … in an order that says nothing about who gave them, and asks for
 * a label of each; each label is kept at once.
 */
export async function labelLoop(
  session: LabelingSession,
  prompts: ReviewPrompts,
): Promise<{ labelled: number; open: number }> {
  let labelled = 0;
  const total = session.queue.items.length;
  const before = total - session.open.length;
  for (const [index, item] of session.open.entries()) {
    prompts.show(showItem(await session.item(item), `${item.sample.id}, ${before + index + 1} of ${total}`));
    for (const [at, answer] of item.answers.entries()) {
      const name = String.fromCharCode(65 + at);
      const said = answer.refused ? '(refused to answer)' : printable(answer.text);
      prompts.show(`Answer ${name}   ${said.replaceAll('\n', '\n           ')}`);
      const label = await prompts.choose(`Is answer ${name} right?`, choices);
      if (label === null || label === 'stop') return { labelled, open: session.open.length - index };
      await session.label(item, answer.key, label);
      labelled++;
    }
  }
  return { labelled, open: 0 };
}
