import { inputOf, type TuningRow, targetOf } from '../tuning-row.ts';
import { type Checked, createPlaces, findingOf, type RowPlace } from './finding.ts';
import {
  comparable,
  createSimilarTexts,
  type SimilarTexts,
  signatureOf,
  textKey,
  withoutNumbers,
} from './text-keys.ts';

/** A frozen test whose samples must not be trained on. Supplied by `app`. */
export interface FrozenTest {
  readonly dataset: string;
  readonly samples: readonly { readonly id: string; readonly input: string }[];
}

/** Checks that hold rows against each other and against frozen tests. */
export interface RelationChecks {
  /** Rows of the set's own test are not given. */
  add(row: TuningRow, place: RowPlace): void;
  /** With the accuracy that no model can exceed on these rows, since one input has several answers. */
  report(): Checked & { readonly ceiling: number };
}

/** An input that was seen, with how often each answer was given to it; one answer, as most have, takes no map. */
interface SeenInput {
  readonly place: RowPlace;
  readonly first: string;
  firstCount: number;
  others: Map<string, number> | null;
}
type Seen = Map<string, SeenInput>;

const changing =
  /\b(?:\d{4}-\d\d-\d\d|(?:19|20)\d\d|v?\d+\.\d+(?:\.\d+)?|[$€£]\s?\d|\d+(?:[.,]\d+)?\s?(?:%|€|\$|usd|eur|days?|hours?|weeks?|months?|years?))/i;

/** Inputs that near duplicates are looked for among: each takes about four kilobytes. */
const comparedInputs = 200_000;

/** Rows that a share is judged from. */
const fewestForShare = 20;

/** @param threshold estimated Jaccard similarity from which two inputs are nearly the same. */
export function createRelationChecks(frozenTests: readonly FrozenTest[], threshold: number): RelationChecks {
  const tests = indexTests(frozenTests);
  const seen: Seen = new Map();
  const withoutFigures = new Map<string, Set<string>>();
  const texts = createSimilarTexts();
  const leaked = createPlaces();
  const nearlyLeaked = createPlaces();
  const duplicates = createPlaces();
  const near = createPlaces();
  const changed = createPlaces();
  let rows = 0;
  let withFigures = 0;

  const addFigures = (row: TuningRow, place: RowPlace, target: string): void => {
    if (changing.test(target)) withFigures++;
    const plain = textKey(`${withoutNumbers(inputOf(row))}\u0000${withoutNumbers(target)}`);
    const figures = withoutFigures.get(plain) ?? new Set<string>();
    figures.add(textKey(target));
    if (figures.size > 1) changed.add(place);
    withoutFigures.set(plain, figures);
  };

  return {
    add(row, place) {
      rows++;
      const target = targetOf(row)?.content ?? '';
      const leak = leakOf(row, tests, threshold);
      if (leak) (leak.exact ? leaked : nearlyLeaked).add({ ...place, detail: leak.detail });
      const asked = conversationOf(row);
      const answer = row.label ?? textKey(`${comparable(target)}\u0000${row.rejected ?? ''}`);
      const key = textKey(asked);
      const known = seen.get(key);
      if (known) {
        if (countAnswer(known, answer) > 1) duplicates.add({ ...place, detail: `as ${known.place.id}` });
      } else {
        seen.set(key, { place, first: answer, firstCount: 1, others: null });
        const signature = signatureOf(inputOf(row));
        const like = texts.nearest(signature, threshold);
        if (like) near.add({ ...place, detail: `is nearly ${like.id} (${like.similarity.toFixed(2)})` });
        if (texts.size < comparedInputs) texts.add(row.id, signature);
      }
      // Figures that were copied from the question are no knowledge.
      if (row.label === undefined && hasOwnFigures(target, asked)) addFigures(row, place, target);
    },
    report() {
      const { contradictions, ceiling } = contradictionsOf(seen);
      const isMostlyFigures = rows >= fewestForShare && withFigures > rows * 0.3;
      return {
        findings: [
          findingOf(
            'leakage',
            'error',
            leaked,
            (n) => `${n} rows are samples of a frozen test: whoever trains on them tests on them.`,
            'remove',
          ),
          findingOf(
            'near-leakage',
            'warning',
            nearlyLeaked,
            (n) => `${n} rows are nearly samples of a frozen test.`,
            'remove-near',
          ),
          findingOf(
            'duplicates',
            'warning',
            duplicates,
            (n) => `${n} rows repeat another row word for word.`,
            'remove',
          ),
          findingOf(
            'near-duplicates',
            'info',
            near,
            (n) => `${n} rows ask nearly the same as another row.${comparedOf(seen.size)}`,
          ),
          findingOf(
            'contradictions',
            'warning',
            contradictions,
            (n) =>
              `${n} inputs have several different answers: no model can be right on more than ${ceiling.toFixed(3)} of these rows.`,
          ),
          findingOf(
            'changing-facts',
            'warning',
            changed,
            (n) =>
              `${n} rows give other figures for the same question: facts that change belong into retrieval, not into weights.`,
          ),
          isMostlyFigures
            ? {
                check: 'facts',
                severity: 'warning',
                message: `${withFigures} of ${rows} answers hold dates, prices, versions or durations: if these change, you want retrieval.`,
                count: withFigures,
                rows: [],
              }
            : null,
        ],
        remove: [leaked, duplicates],
        removeNear: [nearlyLeaked],
        redact: [],
        ceiling,
      };
    },
  };
}

/** Counts one more answer to an input; how often that answer was given to it. */
function countAnswer(input: SeenInput, answer: string): number {
  if (answer === input.first) return ++input.firstCount;
  input.others ??= new Map();
  const count = (input.others.get(answer) ?? 0) + 1;
  input.others.set(answer, count);
  return count;
}

const comparedOf = (inputs: number): string =>
  inputs > comparedInputs
    ? ` Each was compared with the first ${comparedInputs.toLocaleString('en')} different ones only.`
    : '';

interface IndexedTests {
  readonly exact: ReadonlyMap<string, string>;
  readonly similar: SimilarTexts;
  /** What a text says of its own: without the lines that many test samples share, such as the tables of a database. */
  ownText(text: string): string;
}

/** Test samples that a line has to stand in to be no one's own. */
const sharedBy = 3;

function indexTests(tests: readonly FrozenTest[]): IndexedTests {
  const exact = new Map<string, string>();
  const similar = createSimilarTexts();
  const inputs = new Set(tests.flatMap(({ samples }) => samples.map(({ input }) => input)));
  const counts = new Map<string, number>();
  for (const input of inputs)
    for (const line of new Set(linesOf(input))) counts.set(line, (counts.get(line) ?? 0) + 1);
  const ownText = (text: string): string => {
    const own = linesOf(text).filter((line) => (counts.get(line) ?? 0) < sharedBy);
    return own.length === 0 ? text : own.join('\n');
  };
  for (const { dataset, samples } of tests)
    for (const { id, input } of samples) {
      exact.set(textKey(input), `${dataset}/${id}`);
      similar.add(`${dataset}/${id}`, signatureOf(ownText(input)));
    }
  return { exact, similar, ownText };
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A test sample among the questions of a row: every turn of the user, and what a prompt with passages asks at its end. */
function leakOf(
  row: TuningRow,
  tests: IndexedTests,
  threshold: number,
): { exact: boolean; detail: string } | null {
  const asked = row.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => [content, ...content.split(/\n\s*(?:Question|Q|Query|Frage):\s*/).slice(1)]);
  for (const text of asked) {
    const same = tests.exact.get(textKey(text));
    if (same) return { exact: true, detail: `is ${same}` };
  }
  for (const text of asked) {
    const like = tests.similar.nearest(signatureOf(tests.ownText(text)), threshold);
    if (like) return { exact: false, detail: `is nearly ${like.id} (${like.similarity.toFixed(2)})` };
  }
  return null;
}

/** All that is asked, without the answer. */
function conversationOf({ messages }: TuningRow): string {
  return messages
    .slice(0, -1)
    .map(({ role, content }) => `${role}: ${content}`)
    .join('\n');
}

/** Whether an answer says a number that the question did not. */
function hasOwnFigures(target: string, asked: string): boolean {
  return (target.match(/\d+/g) ?? []).some((figure) => !asked.includes(figure));
}

/** Inputs with several different answers, and the accuracy that they leave. */
function contradictionsOf(seen: Seen) {
  let total = 0;
  let best = 0;
  const contradictions = createPlaces();
  for (const { place, firstCount, others } of seen.values()) {
    const counts = [firstCount, ...(others?.values() ?? [])];
    const sum = counts.reduce((a, b) => a + b, 0);
    total += sum;
    best += Math.max(...counts);
    if (others) contradictions.add({ ...place, detail: `${counts.length} different answers in ${sum} rows` });
  }
  return { contradictions, ceiling: total === 0 ? 1 : best / total };
}
