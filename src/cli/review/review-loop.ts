import type { ReviewSession } from '../../app/index.ts';
import type { Sample } from '../../core/index.ts';
import type { SampleEdit } from '../../evaluation/index.ts';
import { printable } from '../printable.ts';
import { formatFacts, parseFacts } from './fact-text.ts';
import type { ReviewPrompts } from './review-prompts.ts';
import { showItem } from './show-item.ts';

const choices = [
  { value: 'accept', label: 'accept', hint: 'question, facts and evidence are right' },
  { value: 'edit', label: 'edit', hint: 'question, reference or facts' },
  { value: 'reject', label: 'reject', hint: 'not fit for the test set' },
  { value: 'skip', label: 'skip', hint: 'comes again at the end' },
  { value: 'stop', label: 'stop', hint: 'what was decided is kept' },
] as const;

/** Goes through the open samples of a session until none is left or the rater stops; each decision is kept at once. */
export async function reviewLoop(
  session: ReviewSession,
  prompts: ReviewPrompts,
): Promise<{ decided: number; open: number }> {
  let decided = 0;
  let open = session.open.length;
  for (const [index, id] of session.open.entries()) {
    const item = await session.item(id);
    prompts.show(showItem(item, `${id}, ${session.decided + index + 1} of ${session.total}`));
    const choice = await prompts.choose('What is it?', choices);
    if (choice === null || choice === 'stop') break;
    const edit = choice === 'edit' ? await editSample(item.sample, prompts) : undefined;
    if (edit === null) break;
    await session.decide(id, choice, edit);
    if (choice === 'skip') continue;
    decided++;
    open--;
  }
  return { decided, open };
}

/** Asks for each member with what is there; null for a wish to stop. */
async function editSample(sample: Sample, prompts: ReviewPrompts): Promise<SampleEdit | null> {
  const input = await writeOver('Question', sample.input, prompts);
  if (input === null) return null;
  const reference = await writeOver('Reference (empty for none)', sample.reference ?? '', prompts);
  if (reference === null) return null;
  for (let given = printable(formatFacts(sample.facts ?? [])); ; ) {
    const line = await prompts.write('Facts: form | other form; next fact (empty for none)', given);
    if (line === null) return null;
    const facts = parseFacts(line);
    if (facts !== null) return { ...(input.trim() === '' ? {} : { input }), reference, facts };
    prompts.show('That is no list of facts. Write: form | other form; next fact');
    given = line;
  }
}

/** Stands for a line break in a text that is edited on one line. */
const lineBreak = '\u23ce';

/** Asks for a text with the old one to begin from; what is left as it was comes back unchanged to the character. */
async function writeOver(message: string, old: string, prompts: ReviewPrompts): Promise<string | null> {
  const shown = printable(old).replaceAll('\n', lineBreak);
  const written = await prompts.write(message, shown);
  if (written === null) return null;
  return written === shown ? old : written.trim().replaceAll(lineBreak, '\n');
}
