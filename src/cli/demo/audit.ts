import type { Answer, Sample } from '../../core/index.ts';

/** A sample answered again, by variant. */
export interface AuditedAnswer {
  readonly variant: string;
  readonly sample: Sample;
  readonly answer: Answer;
}

/**
 * Answers randomly chosen samples again with each variant, in turns, so that a time limit cuts all variants alike.
 * @param random number in [0, 1); a new one each time, so that no two audits look at the same samples.
 * @param secondsAllowed no further answer is begun after this long.
 */
export async function answerAgain(options: {
  readonly samples: readonly Sample[];
  readonly variants: Readonly<Record<string, (sample: Sample) => Promise<Answer>>>;
  readonly perVariant: number;
  readonly secondsAllowed: number;
  readonly random: () => number;
  readonly onAnswered?: (done: number, total: number) => void;
}): Promise<AuditedAnswer[]> {
  const { samples, variants, perVariant, secondsAllowed, random, onAnswered } = options;
  const chosen = shuffled(samples, random).slice(0, perVariant);
  const names = Object.keys(variants);
  const started = performance.now();
  const audited: AuditedAnswer[] = [];
  for (const sample of chosen)
    for (const variant of names) {
      if ((performance.now() - started) / 1000 > secondsAllowed) return audited;
      audited.push({ variant, sample, answer: await variants[variant]!(sample) });
      onAnswered?.(audited.length, chosen.length * names.length);
    }
  return audited;
}

/** A copy in random order (Fisher and Yates). */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
