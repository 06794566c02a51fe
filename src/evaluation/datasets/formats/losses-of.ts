import type { Sample } from '../../../core/index.ts';
import type { LossCounter } from './lost-fields.ts';

/** Members of a sample that a writer deals with. */
export type HeldMembers = ReadonlySet<string>;

/**
 * Counts the members of a sample that a format does not hold. What says nothing (no text, an empty list, the default
 * of `answerable`) is not lost. Members that samples may gain later are counted too, unless a writer names them.
 */
export function countLosses(sample: Sample, held: HeldMembers, lost: LossCounter): void {
  for (const [member, value] of Object.entries(sample)) {
    if (held.has(member) || value === undefined) continue;
    if (member === 'answerable' && value === true) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    lost.count(member);
  }
}

/** All accepted answers in full, each once, `reference` first. */
export function acceptedAnswers({ reference, references }: Sample): string[] {
  return [...new Set([...(reference === undefined ? [] : [reference]), ...(references ?? [])])];
}

/** One answer as `reference`, several as `references`. */
export function asReferences(
  answers: readonly string[],
): { reference: string } | { references: string[] } | Record<string, never> {
  const distinct = [...new Set(answers)];
  if (distinct.length === 0) return {};
  return distinct.length === 1 ? { reference: distinct[0]! } : { references: distinct };
}
