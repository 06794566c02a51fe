import type { Scorer } from './scorer.ts';

/** Lets every scorer find out whether it can work; throws what the first that cannot says. */
export async function prepareScorers(scorers: readonly Scorer[]): Promise<void> {
  for (const scorer of scorers) await scorer.prepare?.();
}

/** What the scores of a run depend on beside the names of its metrics, by metric; empty for built-in scorers. */
export function scorerDefinitions(scorers: readonly Scorer[]): Record<string, unknown> {
  return Object.fromEntries(
    scorers.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition]])),
  );
}
