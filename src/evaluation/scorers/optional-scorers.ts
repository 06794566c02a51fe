import { FulcrumError, suggest } from '../../core/index.ts';
import { wordsScorer } from './effort-scorers.ts';
import { labelScorers } from './label-scorers.ts';
import type { Scorer } from './scorer.ts';
import { textScorers } from './text-scorers.ts';

/** Scorers that a run applies only when they are asked for, by name and made at first use. */
export type OptionalScorers = Readonly<Record<string, () => Scorer | Promise<Scorer>>>;

/** The built-in optional scorers; add an entry for a new one. */
export const optionalScorers: OptionalScorers = {
  words: () => wordsScorer,
  ...Object.fromEntries([...textScorers(), ...labelScorers()].map((scorer) => [scorer.name, () => scorer])),
};

/**
 * The default scorers and, of the optional ones, those that are named; a default one may be named too. Throws
 * `metric-unknown` with the nearest name.
 */
export async function chooseScorers(
  defaults: readonly Scorer[],
  names: readonly string[],
  optional: OptionalScorers = optionalScorers,
): Promise<Scorer[]> {
  const chosen = [...defaults];
  for (const name of new Set(names)) {
    if (chosen.some((scorer) => scorer.name === name)) continue;
    const make = Object.hasOwn(optional, name) ? optional[name] : undefined;
    if (!make) {
      const known = [...defaults.map((scorer) => scorer.name), ...Object.keys(optional)];
      throw new FulcrumError('metric-unknown', {
        metric: name,
        suggestion: suggest(name, known),
        known: known.join(', '),
      });
    }
    chosen.push(await make());
  }
  return chosen;
}
