import { informativeTerms } from '../evidence/terms.ts';
import { statedNumbers } from '../support/quantities.ts';
import { unitAtStart } from '../support/units.ts';

/** Content words without numbers and units. */
export function wordsOf(text: string): Set<string> {
  const { quantities } = statedNumbers(text);
  let rest = '';
  let from = 0;
  for (const { start, end } of quantities) {
    rest += `${text.slice(from, Math.max(from, start))} `;
    from = Math.max(from, end);
  }
  const words = (rest + text.slice(from)).match(/[^\s]+/g) ?? [];
  return new Set(informativeTerms(words.filter((word) => unitAtStart(word) === null).join(' ')));
}
