import { FulcrumError, type Sample } from '../../core/index.ts';
import type { Evaluated } from '../evaluated.ts';
import { comparableText } from '../leakage/comparable-text.ts';

/** Longest list of samples in a message. */
const namedLeaks = 5;

/** Watches for samples that a variant learned from, by id, by text (case, marks and spaces aside) or by group. */
export interface LeakWatch {
  look(sample: Sample): void;
  /** Throws `sample-leaked` when one was seen. */
  finish(): void;
}

export function watchLeaks(variant: Evaluated): LeakWatch {
  const learned = variant.learnedFrom ?? [];
  const ids = new Set(learned.map(({ id }) => id));
  const texts = new Set(learned.map(({ input }) => plainText(input)));
  const groups = new Set(learned.flatMap(({ group }) => (group === undefined ? [] : [group])));
  const leaks: string[] = [];
  let count = 0;
  return {
    look(sample) {
      if (learned.length === 0) return;
      const same = ids.has(sample.id)
        ? 'the same id'
        : texts.has(plainText(sample.input))
          ? 'the same text'
          : sample.group !== undefined && groups.has(sample.group)
            ? `the group "${sample.group}"`
            : null;
      if (same === null) return;
      count++;
      if (leaks.length < namedLeaks) leaks.push(`${sample.id} (${same})`);
    },
    finish() {
      if (count === 0) return;
      const more = count > leaks.length ? '; …' : '';
      throw new FulcrumError('sample-leaked', {
        variant: variant.name,
        count,
        items: `${leaks.join('; ')}${more}`,
      });
    },
  };
}

function plainText(text: string): string {
  return comparableText(text.normalize('NFKC'));
}
