import { FulcrumError, type Sample } from '../../core/index.ts';
import type { SampleSource } from '../datasets/sample-source.ts';
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
  const howLearned = learnedSamples(variant);
  const leaks: string[] = [];
  let count = 0;
  return {
    look(sample) {
      const how = howLearned(sample);
      if (how === null) return;
      count++;
      if (leaks.length < namedLeaks) leaks.push(`${sample.id} (${how})`);
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

/** How a variant knows a sample, as a phrase; null where it does not. */
function learnedSamples({ learnedFrom: learned = [] }: Evaluated): (sample: Sample) => string | null {
  const ids = new Set(learned.map(({ id }) => id));
  const texts = new Set(learned.map(({ input }) => plainText(input)));
  const groups = new Set(learned.flatMap(({ group }) => (group === undefined ? [] : [group])));
  return (sample) => {
    if (learned.length === 0) return null;
    if (ids.has(sample.id)) return 'the same id';
    if (texts.has(plainText(sample.input))) return 'the same text';
    return sample.group !== undefined && groups.has(sample.group) ? `the group "${sample.group}"` : null;
  };
}

/** A source without the samples that one of the variants learned from: for answers that nobody is judged by, such as a teacher's. */
export function withoutLearned(source: SampleSource, variants: readonly Evaluated[]): SampleSource {
  const tellers = variants.map(learnedSamples);
  const pages: SampleSource['pages'] = async function* (split, limit = Number.POSITIVE_INFINITY) {
    let left = limit;
    for await (const samples of source.pages(split)) {
      const kept = samples.filter((sample) => tellers.every((tell) => tell(sample) === null)).slice(0, left);
      left -= kept.length;
      if (kept.length > 0) yield kept;
      if (left <= 0) return;
    }
  };
  return {
    ...{ name: source.name, hash: source.hash, pages },
    async count(split, limit) {
      let count = 0;
      for await (const samples of pages(split, limit)) count += samples.length;
      if (count === 0) throw new FulcrumError('dataset-empty', { path: source.name });
      return count;
    },
  };
}

function plainText(text: string): string {
  return comparableText(text.normalize('NFKC'));
}
