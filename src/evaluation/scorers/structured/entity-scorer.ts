import { type Score, undefinedScore } from '../../../core/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import { oncePerSample } from '../once-per-sample.ts';
import type { Scorer } from '../scorer.ts';
import { compareEntities, type Entity, type EntityMatch, matchFor, readEntities } from './entities.ts';
import { judgeMissing, needOf } from './json-scorers.ts';
import { collectCounts, type MatchMeasure, scoreCounts } from './match-counts.ts';
import type { GoldPlace } from './output-text.ts';
import { type InvalidPolicy, invalidRateScorer, type Reading, readGold, readingOf } from './reading.ts';

export interface EntityOptions {
  readonly fenced: boolean;
  readonly gold: GoldPlace;
  readonly invalid: InvalidPolicy;
  readonly match: EntityMatch | 'auto';
}

/**
 * F1, precision and recall of the entities of each sample. The figure that papers print is micro F1 over the corpus, which
 * is no mean of these; it is among the figures of the run.
 */
export function entityScorer(name: string, options: EntityOptions): Scorer[] {
  const reading = oncePerSample((judged) => readingOf(judged, options.fenced, readEntities));
  const judge = oncePerSample((judged) => judgeEntities(judged, reading(judged), options));
  const scorer = (suffix: string, measure: MatchMeasure, description: string): Scorer => ({
    name: `${name}${suffix}`,
    description,
    direction: 'higher',
    needs: [needOf(options.gold)],
    score: (judged) => judge(judged)(measure),
  });
  return [
    {
      ...scorer('', 'f1', 'harmonic mean of precision and recall of the entities of a sample'),
      corpus: () => collectCounts(name),
    },
    scorer('.precision', 'precision', 'share of the predicted entities that are right'),
    scorer('.recall', 'recall', 'share of the entities of the gold that were found'),
    invalidRateScorer(name, 'list of entities', reading),
  ];
}

function judgeEntities(
  { sample }: ScoredSample,
  found: Reading<Entity[]>,
  options: EntityOptions,
): (measure: MatchMeasure) => Score {
  if (!sample.answerable) return () => undefinedScore('unanswerable');
  const gold = readGold(sample, options.gold, readEntities)?.[0];
  if (gold === undefined) return () => undefinedScore('no-gold');
  const match = matchFor(gold, options.match);
  if (found.status !== 'read')
    return judgeMissing(found, compareEntities(gold, [], match, sample.input), options.invalid);
  const counts = compareEntities(gold, found.value, match, sample.input);
  return (measure) => scoreCounts(counts, measure);
}
