import { type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import { oncePerSample } from '../once-per-sample.ts';
import type { Scorer, ScorerNeed } from '../scorer.ts';
import { compareFields, type FieldRules, missedFields } from './compare-fields.ts';
import { canonicalText, type JsonValue, readJson, type ValueRules } from './json-value.ts';
import { collectCounts, type MatchCounts, type MatchMeasure, scoreCounts } from './match-counts.ts';
import type { GoldPlace } from './output-text.ts';
import {
  type InvalidPolicy,
  invalidRateScorer,
  type Reading,
  readGold,
  readingOf,
  scoreInvalid,
} from './reading.ts';

export interface JsonOptions {
  /** Takes the JSON out of the one code fence of an answer; without it the whole answer must be JSON. */
  readonly fenced: boolean;
}

export interface JsonGoldOptions extends JsonOptions, ValueRules {
  readonly gold: GoldPlace;
  readonly invalid: InvalidPolicy;
}

/** Checks a value; null when it conforms, else what is wrong first. */
export type CheckValue = (value: JsonValue) => string | null;

/** 1 when the answer is JSON. */
export function jsonValidScorer(name: string, { fenced }: JsonOptions): Scorer[] {
  return [
    {
      name,
      description: `the answer is JSON${fenced ? ', alone or in one code fence' : ' and nothing else'}`,
      direction: 'higher',
      needs: [],
      score(judged) {
        const found = readingOf(judged, fenced, readJson);
        if (found.status === 'refused') return undefinedScore('abstained');
        return found.status === 'read' ? scored(1) : scoreInvalid(found, 'zero');
      },
    },
  ];
}

/** 1 when the JSON of the answer conforms to a schema. */
export function jsonSchemaScorer(
  name: string,
  options: JsonOptions & { readonly invalid: InvalidPolicy },
  /** Compiles the schema at first use; throws a catalogue error. */
  check: () => Promise<CheckValue>,
): Scorer[] {
  const reading = oncePerSample((judged) => readingOf(judged, options.fenced, readJson));
  return [
    {
      name,
      description: 'the JSON of the answer conforms to the schema',
      direction: 'higher',
      needs: [],
      prepare: async () => void (await check()),
      async score(judged) {
        const found = reading(judged);
        if (found.status === 'refused') return undefinedScore('abstained');
        if (found.status === 'invalid') return scoreInvalid(found, options.invalid);
        const problem = (await check())(found.value);
        return problem === null ? scored(1) : scored(0, { problem });
      },
    },
    invalidRateScorer(name, 'JSON', reading),
  ];
}

/** 1 when the JSON of the answer is the gold in canonical form. */
export function jsonExactScorer(name: string, options: JsonGoldOptions): Scorer[] {
  const reading = oncePerSample((judged) => readingOf(judged, options.fenced, readJson));
  return [
    {
      name,
      description: `the JSON of the answer equals the ${options.gold} (${rulesText(options)})`,
      direction: 'higher',
      needs: [needOf(options.gold)],
      score(judged) {
        const found = reading(judged);
        if (!judged.sample.answerable) return scored(found.status === 'refused' ? 1 : 0);
        const gold = readGold(judged.sample, options.gold, readJson);
        if (gold === null) return undefinedScore('no-gold');
        if (found.status === 'refused') return scored(0, { wrongAbstention: true });
        if (found.status === 'invalid') return scoreInvalid(found, options.invalid);
        const text = canonicalText(found.value, options);
        return scored(gold.some((value) => canonicalText(value, options) === text) ? 1 : 0);
      },
    },
    invalidRateScorer(name, 'JSON', reading),
  ];
}

/** F1, precision and recall over the fields of the JSON of the answer; with several references the best by F1. */
export function jsonFieldsScorer(name: string, options: JsonGoldOptions & FieldRules): Scorer[] {
  const reading = oncePerSample((judged) => readingOf(judged, options.fenced, readJson));
  const judge = oncePerSample((judged) => judgeFields(judged, reading(judged), options));
  const scorer = (suffix: string, measure: MatchMeasure, text: string): Scorer => ({
    name: `${name}${suffix}`,
    description: `${text} (${rulesText(options)})`,
    direction: 'higher',
    needs: [needOf(options.gold)],
    score: (judged) => judge(judged)(measure),
  });
  return [
    {
      ...scorer('', 'f1', 'harmonic mean of precision and recall over fields'),
      corpus: () => collectCounts(name),
    },
    scorer('.precision', 'precision', 'share of the predicted fields that are right'),
    scorer('.recall', 'recall', 'share of the fields of the gold that were found'),
    invalidRateScorer(name, 'JSON', reading),
  ];
}

type Judge = (measure: MatchMeasure) => Score;

function judgeFields(
  { sample }: ScoredSample,
  found: Reading<JsonValue>,
  options: JsonGoldOptions & FieldRules,
): Judge {
  if (!sample.answerable) return () => undefinedScore('unanswerable');
  const gold = readGold(sample, options.gold, readJson);
  if (gold === null) return () => undefinedScore('no-gold');
  if (found.status !== 'read') return judgeMissing(found, missedFields(gold[0]!, options), options.invalid);
  const all = gold.map((value) => compareFields(value, found.value, options));
  const best = all.reduce((one, other) => (f1(other) > f1(one) ? other : one));
  return (measure) => scoreCounts(best, measure);
}

/** Score of a sample without a usable output, whose gold counts as missed in the figures of the corpus. */
export function judgeMissing(
  found: Exclude<Reading<never>, { status: 'read' }>,
  missed: MatchCounts,
  policy: InvalidPolicy,
): Judge {
  if (found.status === 'invalid') return () => scoreInvalid(found, policy, missed);
  return (measure) =>
    measure === 'precision'
      ? undefinedScore('abstained', missed)
      : scored(0, { ...missed, wrongAbstention: true });
}

function f1({ matched, predicted, gold }: MatchCounts): number {
  return predicted + gold === 0 ? 1 : (2 * matched) / (predicted + gold);
}

function rulesText({ arrays, nulls }: ValueRules): string {
  return `arrays ${arrays}, null ${nulls === 'value' ? 'is a value' : 'counts as missing'}`;
}

export function needOf(place: GoldPlace): ScorerNeed {
  return place === 'label' ? 'label' : 'references';
}
