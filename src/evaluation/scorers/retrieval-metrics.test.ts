import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeRanking } from './relevance.ts';
import { hitAt, ndcgAt, recallAt, reciprocalRankAt } from './retrieval-metrics.ts';

const document = fc.constantFrom('a', 'b', 'c');
const place = fc.record({ documentId: document, start: fc.nat(50), length: fc.integer({ min: 1, max: 20 }) });
const hits = fc.array(
  place.map(({ length, ...at }) => ({ ...at, end: at.start + length })),
  { maxLength: 12 },
);
const gold = fc.uniqueArray(
  fc
    .record({ document, start: fc.nat(50), grade: fc.integer({ min: 1, max: 3 }) })
    .map((item) => ({ ...item, end: item.start + 5 })),
  { minLength: 1, maxLength: 5, selector: (item) => `${item.document} ${item.start}` },
);

it('metrics stay in [0, 1], grow with k where they should, and ignore repeated hits', () => {
  fc.assert(
    fc.property(hits, gold, fc.integer({ min: 1, max: 8 }), (ranked, wanted, k) => {
      const ranking = judgeRanking(ranked, wanted);
      for (const metric of [hitAt, recallAt, reciprocalRankAt, ndcgAt]) {
        expect(metric(ranking, k)).toBeGreaterThanOrEqual(0);
        expect(metric(ranking, k)).toBeLessThanOrEqual(1);
      }
      for (const metric of [hitAt, recallAt, reciprocalRankAt])
        expect(metric(ranking, k + 1)).toBeGreaterThanOrEqual(metric(ranking, k));
      const doubled = ranked.flatMap((hit) => [hit, hit]);
      expect(judgeRanking(doubled, wanted)).toEqual(ranking);
      expect(hitAt(ranking, k) === 1).toBe(recallAt(ranking, k) > 0);
    }),
  );
});

it('an ideal order scores 1', () => {
  fc.assert(
    fc.property(gold, (wanted) => {
      const documents = wanted.map((item, index) => ({ document: `d${index}`, grade: item.grade }));
      const best = [...documents].sort((a, b) => b.grade - a.grade);
      const ranking = judgeRanking(
        best.map((item) => ({ documentId: item.document, start: 0, end: 1 })),
        documents,
      );
      expect(ndcgAt(ranking, 10)).toBeCloseTo(1, 12);
      expect(recallAt(ranking, 10)).toBe(1);
    }),
  );
});
