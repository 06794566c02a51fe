import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnFilter,
  indexedDate,
  isoToMs,
  languageMatches,
  metadataTag,
  metadataTags,
  passesFilter,
} from './chunk-filter.ts';

describe('dates of a filter', () => {
  it('are days or instants, UTC where no zone is given', () => {
    expect(isoToMs('1970-01-02')).toBe(86_400_000);
    expect(isoToMs('1970-01-01T01:00:00+01:00')).toBe(0);
    expect(isoToMs('1970-01-01T00:01')).toBe(60_000);
    expect(isoToMs('1969-12-31T23:59:59.5Z')).toBe(-500);
    expect(isoToMs('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
    for (const text of ['2023-02-29', '2026-13-01', '2026-1-1', '01.02.2026', '2026', '', '2026-01-01T25:00'])
      expect(isoToMs(text), text).toBeNull();
    expect([indexedDate(null), indexedDate(undefined), indexedDate('soon')]).toEqual([null, null, null]);
  });

  it('name a last day to its end', () => {
    const { from, to } = columnFilter({ from: '1970-01-01', to: '1970-01-01' })!;
    expect([from, to]).toEqual([0, 86_399_999]);
    expect(columnFilter({ to: '1970-01-01T00:00Z' })!.to).toBe(0);
    expect(() => columnFilter({ to: 'x'.repeat(1000) })).toThrow(
      expect.objectContaining({ code: 'filter-invalid' }),
    );
  });
});

describe('a whole document', () => {
  const own = {
    documentId: 'd',
    source: 's',
    language: 'en-GB',
    date: '2024-05-01',
    metadata: { team: ['a', 'b'] },
  };
  it.each([
    [{}, true],
    [{ sources: ['s'], languages: ['EN'], from: '2024-05-01', to: '2024-05-01' }, true],
    [{ metadata: { team: ['b', 'c'] } }, true],
    [{ sources: ['t'] }, false],
    [{ sources: [] }, false],
    [{ exceptDocuments: ['d'] }, false],
    [{ languages: ['e'] }, false],
    [{ from: '2024-05-02' }, false],
    [{ to: '2024-04-30' }, false],
    [{ metadata: { team: ['c'] } }, false],
    [{ metadata: { team: [] } }, false],
    [{ chunkIds: ['d@1#0'] }, false],
  ])('passes %j: %s', (filter, passes) => {
    expect(passesFilter(own, filter)).toBe(passes);
  });
  it('of which nothing is known passes no filter on it', () => {
    const bare = { documentId: 'd', source: 's' };
    const filters = [{ languages: ['*'] }, { from: '1970-01-01' }, { metadata: { team: ['a'] } }];
    expect(filters.map((filter) => passesFilter(bare, filter))).toEqual([false, false, false]);
    expect(passesFilter(bare, { sources: ['s'] })).toBe(true);
  });
});

describe('metadata tags', () => {
  it('never let one pair of key and value pass for another', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string()), (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1];
        expect(metadataTag(...one) === metadataTag(...other)).toBe(same);
      }),
      {
        examples: [
          [
            ['a=b', 'c'],
            ['a', 'b=c'],
          ],
          [
            ['a%3D', 'x'],
            ['a=', 'x'],
          ],
        ],
      },
    );
  });

  it('are one for each value', () => {
    expect(metadataTags({ team: ['x', 'y', 'x'], kind: 'a=b', none: [] })).toEqual([
      'kind=a=b',
      'team=x',
      'team=y',
    ]);
    expect(metadataTags(null)).toEqual([]);
  });
});

describe('language ranges', () => {
  it('let the language and its variants through', () => {
    expect(languageMatches('pt-BR', 'pt')).toBe(true);
    expect(languageMatches('PT', 'pt')).toBe(true);
    expect(languageMatches('pt', 'pt-br')).toBe(false);
    expect(languageMatches('por', 'pt')).toBe(false);
    expect(languageMatches('de', '*')).toBe(true);
  });
});
