import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import type { ChunkFilter } from '../chunk-store.ts';
import { indexedDate, metadataTags } from '../store/chunk-filter.ts';
import { combineFilters } from './combine-filters.ts';

const days = ['2024-01-01', '2024-06-30', '2025-01-01', '2025-01-01T12:00:00Z'];
const filters: fc.Arbitrary<ChunkFilter> = fc.record(
  {
    sources: fc.subarray(['s', 't'], { minLength: 1 }),
    exceptDocuments: fc.subarray(['d0', 'd1', 'd2']),
    chunkIds: fc.subarray(['d0#0', 'd1#0', 'd2#0', 'd3#0', 'd4#0']),
    metadata: fc.dictionary(fc.constantFrom('team', 'kind'), fc.subarray(['hr', 'it'], { minLength: 1 })),
    languages: fc.subarray(['en', 'en-GB', 'de', '*'], { minLength: 1 }),
    from: fc.constantFrom(...days),
    to: fc.constantFrom(...days),
  },
  { requiredKeys: [] },
);

describe('filters together', () => {
  it('let through what each of them does', async () => {
    const store = createMemoryChunkStore();
    const languages = ['en', 'en-GB', 'de', null, 'en'];
    const dates = ['2024-01-01', '2024-12-31', '2025-01-01T12:00:00Z', null, '2025-01-01T18:00:00Z'];
    await store.addChunks(
      'local',
      languages.map((language, index) => ({
        id: `d${index}#0`,
        documentId: `d${index}`,
        version: 'v',
        source: index % 2 ? 't' : 's',
        readers: ['everyone'],
        language,
        date: indexedDate(dates[index]),
        tags: metadataTags({ team: index < 3 ? 'hr' : 'it', kind: index % 2 ? ['hr', 'it'] : 'it' }),
        indexedText: 'word',
      })),
    );
    const passing = async (filter: ChunkFilter): Promise<string[]> =>
      (await store.searchKeywords(localOwner, 'word', 10, filter)).map(({ id }) => id).sort();
    await fc.assert(
      fc.asyncProperty(filters, filters, async (one, other) => {
        const [first, second] = [await passing(one), await passing(other)];
        expect(await passing(combineFilters(one, undefined, other))).toEqual(
          first.filter((id) => second.includes(id)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('are nothing where nothing is asked', () => {
    expect(combineFilters()).toEqual({});
    expect(combineFilters({ sources: undefined, exceptDocuments: [] }, {})).toEqual({});
  });
});
