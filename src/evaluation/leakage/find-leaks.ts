import type { Sample } from '../../core/index.ts';
import type { ReadSample } from '../datasets/read-samples.ts';
import { comparableText } from './comparable-text.ts';
import { createGramIndex, type GramIndex, type Neighbour } from './gram-index.ts';
import type { Leak, LeakSide } from './leakage-report.ts';
import { createWordOverlap } from './word-overlap.ts';

/** Rows that test samples may have leaked into. */
export interface LeakageRows {
  readonly side: Exclude<LeakSide, 'corpus'>;
  /** Name of the file or dataset. */
  readonly origin: string;
  readonly rows: readonly ReadSample[];
}

/** A side with its index, built once. */
export interface IndexedRows extends LeakageRows {
  readonly index: GramIndex;
}

export function indexRows(rows: LeakageRows): IndexedRows {
  const index = createGramIndex(rows.rows.map(({ sample }) => sample.input));
  const known = new Map<string, Neighbour | null>();
  return {
    ...rows,
    index: {
      ...index,
      // Asked for the table of neighbours and again by the memoriser probe.
      nearest(text) {
        const found = known.get(text) ?? index.nearest(text);
        known.set(text, found);
        return found;
      },
    },
  };
}

/**
 * Pairs of test samples and rows with the same question (`exact`), questions alike by 5-grams, or a 13-gram of question
 * and answers in common. Each pair once, in that order of methods.
 */
export function findRowLeaks(samples: readonly Sample[], against: IndexedRows, jaccard: number): Leak[] {
  const leaks: Leak[] = [];
  const listed = new Set<string>();
  const add = (sample: Sample, row: number, method: Leak['method'], similarity: number): void => {
    const pair = `${row} ${sample.id}`;
    if (listed.has(pair)) return;
    listed.add(pair);
    const { side, origin } = against;
    leaks.push({ sample: sample.id, side, origin, row: against.rows[row]!.line, method, similarity });
  };
  const sameText = rowsByText(against.rows);
  for (const sample of samples)
    for (const row of sameText.get(comparableText(sample.input)) ?? []) add(sample, row, 'exact', 1);
  for (const sample of samples)
    for (const { row, similarity } of against.index.atLeast(sample.input, jaccard))
      add(sample, row, '5-gram', similarity);
  const overlap = createWordOverlap(samples.map(questionAndAnswers));
  for (const [row, { sample }] of against.rows.entries())
    for (const { text, share } of overlap.sharing(questionAndAnswers(sample)))
      add(samples[text]!, row, '13-gram', share);
  return leaks;
}

/** The row most like each sample over all sides, the first of equals; null where none shares a 5-gram. */
export function nearestRow(
  sample: Sample,
  sides: readonly IndexedRows[],
): (Neighbour & { readonly against: IndexedRows }) | null {
  let nearest: (Neighbour & { readonly against: IndexedRows }) | null = null;
  for (const against of sides) {
    const found = against.index.nearest(sample.input);
    if (found && found.similarity > (nearest?.similarity ?? 0)) nearest = { ...found, against };
  }
  return nearest;
}

/**
 * Test questions that stand in a document of the corpus as a whole (`contained`) or share a 13-gram with it. Answers
 * may stand there: that is what a corpus is for.
 */
export async function findCorpusLeaks(
  samples: readonly Sample[],
  documents: AsyncIterable<{ readonly id: string; readonly text: string }>,
): Promise<{ leaks: Leak[]; documents: number }> {
  const overlap = createWordOverlap(samples.map(({ input }) => input));
  const leaks: Leak[] = [];
  let count = 0;
  for await (const { id, text } of documents) {
    count++;
    const leak = (index: number, method: Leak['method'], similarity: number): Leak => ({
      sample: samples[index]!.id,
      side: 'corpus',
      origin: id,
      row: null,
      method,
      similarity,
    });
    const contained = overlap.containedIn(text);
    leaks.push(...contained.map((index) => leak(index, 'contained', 1)));
    for (const { text: index, share } of overlap.sharing(text))
      if (!contained.includes(index)) leaks.push(leak(index, '13-gram', share));
  }
  return { leaks, documents: count };
}

function rowsByText(rows: readonly ReadSample[]): Map<string, number[]> {
  const byText = new Map<string, number[]>();
  for (const [row, { sample }] of rows.entries()) {
    const text = comparableText(sample.input);
    if (text === '') continue;
    const there = byText.get(text);
    if (there) there.push(row);
    else byText.set(text, [row]);
  }
  return byText;
}

function questionAndAnswers({ input, reference, references }: Sample): string {
  return [input, ...(reference === undefined ? [] : [reference]), ...(references ?? [])].join('\n');
}
