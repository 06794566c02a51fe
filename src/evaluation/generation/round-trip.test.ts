import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import type { CorpusPassage, FindPassages } from './generation.ts';
import { foundBand, retrievalRank, tagRoundTrip } from './round-trip.ts';

/** Twelve passages of ten characters, of one document each, always in this order. */
const corpus: CorpusPassage[] = Array.from({ length: 12 }, (_, index) => ({
  documentId: `docs:${index + 1}.md`,
  titlePath: [],
  start: 100,
  end: 110,
  text: '0123456789',
}));
const findPassages: FindPassages = async (_query, { limit, exceptDocuments = [] }) =>
  corpus.filter(({ documentId }) => !exceptDocuments.includes(documentId)).slice(0, limit);

function question(places: readonly [document: number, start?: number, end?: number][]): Sample {
  return {
    id: JSON.stringify(places),
    input: 'Where?',
    answerable: true,
    evidence: places.map(([document, start, end]) => ({ document: `docs:${document}.md`, start, end })),
  };
}

describe('the round trip of a question', () => {
  it('ends at the rank by which every piece of its gold is found', async () => {
    const rank = (...places: [number, number?, number?][]) => retrievalRank(question(places), findPassages);
    expect(await rank([1, 105, 120])).toBe(1);
    expect(await rank([3])).toBe(3);
    expect(await rank([2, 100, 105], [7, 90, 101])).toBe(7);
    // It ends where the passage begins.
    expect(await rank([2, 90, 100])).toBeNull();
    expect(await rank([1], [11])).toBeNull();
    expect([1, 2, 5, 6, 10, null].map(foundBand)).toEqual([
      'at-1',
      'in-5',
      'in-5',
      'in-10',
      'in-10',
      'not-in-10',
    ]);
  });

  it('is a tag beside the others; what has no gold has none', async () => {
    const bare: Sample = { id: 'bare', input: 'Who?', answerable: false, tags: ['kind-unanswerable'] };
    const tagged = await tagRoundTrip(
      [{ ...question([[6]]), tags: ['kind-how-to'] }, bare, question([[12]])],
      findPassages,
    );
    expect(tagged.samples.map(({ tags }) => tags)).toEqual([
      ['kind-how-to', 'found-in-10'],
      ['kind-unanswerable'],
      ['found-not-in-10'],
    ]);
    expect(tagged.found).toEqual({ 'at-1': 0, 'in-5': 0, 'in-10': 1, 'not-in-10': 1 });
  });
});
