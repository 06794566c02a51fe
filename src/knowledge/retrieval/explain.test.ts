import { afterEach, describe, expect, it } from 'vitest';
import { localOwner, type Principal } from '../../core/index.ts';
import { createMemorySource } from '../../testing/paragraph-corpus.ts';
import { searchedCorpus } from '../../testing/searched-corpus.ts';
import type { DocumentExplanation } from '../retrieval-explanation.ts';
import type { RetrieveOptions } from '../retriever.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const bob: Principal = { tenant: 'local', user: 'bob', groups: [] };

async function corpus() {
  const made = await searchedCorpus([
    createMemorySource('s', {
      river: 'a river runs',
      twin: 'A river  runs.',
      boat: 'the river boat generateText',
      mill: 'mill stone',
    }),
    createMemorySource('hr', { pay: 'river pay' }, { readers: ['user:ann'] }),
  ]);
  closers.push(made.close);
  const explain = async (query: string, options: RetrieveOptions = {}, who: Principal = localOwner) =>
    (await made.retriever.retrieve(query, who, { explain: true, ...options })).explanation!;
  const document = async (
    documentId: string,
    query: string,
    options: RetrieveOptions = {},
    who: Principal = localOwner,
  ): Promise<DocumentExplanation> =>
    (await explain(query, { ...options, explain: { documentId } }, who)).document!;
  return { ...made, explain, document };
}

describe('an explanation', () => {
  it('has ranks, raw and normalised scores and matched terms of each hit, which give its score', async () => {
    const { retriever } = await corpus();
    const { hits, explanation } = await retriever.retrieve('river "boat" textGenerate', localOwner, {
      explain: true,
    });
    expect(explanation).toMatchObject({
      query: {
        text: 'river boat textGenerate',
        phrases: ['boat'],
        terms: ['river', 'boat', 'textgenerate', 'text', 'generate'],
      },
      settings: { vectorWeight: 0.8, limit: 10, arm: 'hybrid' },
      readerTokens: ['everyone', 'user:local-owner', 'group:owners'],
      arms: { keyword: { skipped: null, candidates: 1 }, vector: { skipped: null, candidates: 1 } },
      notices: [],
    });
    expect(hits).toHaveLength(1);
    const [explained] = explanation!.hits;
    expect(explained).toMatchObject({
      ranks: { keyword: 1, vector: 1 },
      raw: hits[0]!.arms,
      normalised: { keyword: 1, vector: 1 },
      fusedRank: 1,
      rerankScore: null,
      matchedTerms: ['river', 'boat', 'text', 'generate'],
    });
    expect(Object.keys(explanation!.milliseconds)).toEqual(
      expect.arrayContaining(['embed', 'keyword', 'vector', 'union', 'phrases', 'read', 'total']),
    );
  });

  it('gives normalised scores that add up to the fused score', async () => {
    const { retriever } = await corpus();
    const { hits, explanation } = await retriever.retrieve('river mill', localOwner, {
      explain: true,
      vectorWeight: 0.3,
    });
    expect(hits.length).toBeGreaterThan(3);
    for (const [index, { normalised }] of explanation!.hits.entries())
      expect(0.3 * normalised.vector! + 0.7 * (normalised.keyword ?? 0)).toBeCloseTo(hits[index]!.score, 12);
    expect(explanation!.hits.map(({ fusedRank }) => fusedRank)).toEqual(hits.map((_, index) => index + 1));
  });

  it('says of an arm why it did not run', async () => {
    const { explain } = await corpus();
    expect((await explain('river', { arm: 'keyword' })).arms.vector).toEqual({
      skipped: 'not asked for',
      candidates: 0,
      largestScore: 0,
    });
    expect((await explain('river', { limit: 0 })).hits).toEqual([]);
  });
});

describe('why a document is not found', () => {
  it('is told for each reason', async () => {
    const { document } = await corpus();
    expect(await document('s:river', 'river')).toMatchObject({
      state: 'found',
      chunks: 1,
      embeddedChunks: 1,
    });
    const filter = { sources: ['hr'], languages: ['de'] };
    expect(await document('s:river', 'river', { filter })).toMatchObject({
      state: 'filtered',
      filteredBy: ['sources', 'languages'],
      keyword: null,
    });
    expect(await document('s:mill', '"river runs"')).toMatchObject({ state: 'phrase-missing' });
    expect(await document('s:mill', 'river', { arm: 'keyword' })).toMatchObject({
      state: 'no-match',
      keyword: null,
    });
    expect(await document('s:boat', 'river runs', { limit: 1 })).toMatchObject({
      state: 'ranked-below',
      filteredBy: [],
      fusedRank: expect.any(Number),
    });
    const options: RetrieveOptions = { nearDuplicates: 'collapse' };
    const twins = await Promise.all(['s:river', 's:twin'].map((id) => document(id, 'river runs', options)));
    expect(twins.map(({ state }) => state).sort()).toEqual(['duplicate', 'found']);
  });

  it('is not told of what may not be read, as if it were not there', async () => {
    const { document, explain } = await corpus();
    expect(await document('hr:pay', 'pay', {}, bob)).toEqual({
      documentId: 'hr:pay',
      state: 'unknown-or-unreadable',
    });
    expect(await document('hr:none', 'pay', {}, bob)).toEqual({
      documentId: 'hr:none',
      state: 'unknown-or-unreadable',
    });
    expect(JSON.stringify(await explain('pay', {}, bob))).not.toContain('hr:pay');
  });
});
