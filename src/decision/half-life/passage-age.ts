/** A document as it read from a commit on until the next one; null where it was taken away. */
export interface DatedText {
  readonly at: Date;
  readonly text: string | null;
}

/** What must stand in a document: every one of the things, in one of its forms. A quote is one thing of one form. */
export type Passage = readonly (readonly string[])[];

/** How long a passage has stood in its document. */
export interface PassageAge {
  readonly days: number;
  readonly event: 'changed' | 'created' | 'unchanged';
}

const day = 86_400_000;

/**
 * Ages of passages by the states of their document, newest first. States are read only until every passage is found to be
 * absent from one. Letters and digits count, not case, markup or white space: a passage that was set in bold is the same
 * knowledge. A document that the oldest state of `since` already held is `unchanged`; one that came later was `created`.
 * Null where there is no state at all.
 */
export async function passageAges(
  versions: AsyncIterable<DatedText>,
  passages: readonly Passage[],
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<PassageAge[] | null> {
  const wanted = passages.map((passage) => passage.map((forms) => forms.map(lettersOf)));
  const ages: (PassageAge | null)[] = passages.map(() => null);
  const daysFrom = (at: Date): number => Math.max(0, (now.getTime() - at.getTime()) / day);
  let held: Date | null = null;
  for await (const { at, text } of versions) {
    const letters = text === null ? null : lettersOf(text);
    for (const [index, passage] of wanted.entries())
      if (
        ages[index] === null &&
        !(letters !== null && passage.every((forms) => forms.some((form) => letters.includes(form))))
      )
        ages[index] = { days: daysFrom(held ?? now), event: letters === null ? 'created' : 'changed' };
    held = at;
    if (ages.every((age) => age !== null)) break;
  }
  if (held === null) return null;
  const oldest: PassageAge =
    held.getTime() <= since.getTime()
      ? { days: daysFrom(since), event: 'unchanged' }
      : { days: daysFrom(held), event: 'created' };
  return ages.map((age) => age ?? oldest);
}

/** Words by single spaces, with one at each end so that only whole words match. */
function lettersOf(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}
