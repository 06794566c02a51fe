import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { FulcrumError, localOwner, noCost } from '../../core/index.ts';
import type { RerankingModel } from '../../models/index.ts';
import { createMemorySource } from '../../testing/paragraph-corpus.ts';
import { searchedCorpus } from '../../testing/searched-corpus.ts';
import { estimateTokens } from '../chunking/token-counter.ts';
import type { Hit, RetrieveOptions } from '../retriever.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
async function corpus(texts: Record<string, string>, more: Parameters<typeof searchedCorpus>[1] = {}) {
  const made = await searchedCorpus([createMemorySource('s', texts)], more);
  closers.push(made.close);
  const find = async (query: string, options: RetrieveOptions = {}): Promise<readonly Hit[]> =>
    (await made.retriever.retrieve(query, localOwner, options)).hits;
  return { ...made, find };
}
const texts = (hits: readonly Hit[]): string[] => hits.map(({ text }) => text.trim());

describe('phrases', () => {
  const paragraphs = {
    a: 'annual leave ends\n\nleave annual',
    b: 'sick leave is annual',
    c: 'Annual\tLeave form',
  };

  it('must stand in a hit, in both arms, however common they are', async () => {
    const { find } = await corpus(paragraphs);
    for (const arm of ['keyword', 'vector', 'hybrid'] as const)
      expect(texts(await find('"annual leave"', { arm })).sort()).toEqual([
        'Annual\tLeave form',
        'annual leave ends',
      ]);
    expect(texts(await find('"annual leave" "form"'))).toEqual(['Annual\tLeave form']);
    expect(await find('"annual leave"', { filter: { chunkIds: [] } })).toEqual([]);
  });

  it('are words where no text that may be read has them, and that is said once', async () => {
    const notices: string[] = [];
    const { find } = await corpus(paragraphs, { onNotice: (notice) => notices.push(notice) });
    expect(await find('"leave form annual"')).toHaveLength(4);
    await find('"leave form annual"');
    expect(notices).toEqual([
      'No passage has "leave form annual" word for word; the words were searched for one by one.',
    ]);
  });

  it('are looked for beyond what the index can be told of', async () => {
    const many = Array.from({ length: 2300 }, (_, index) => `same phrase ${index}`).join('\n\n');
    const { find } = await corpus({ many, other: 'same and phrase and '.repeat(5) }, { embed: false });
    const hits = await find('"same phrase"', { limit: 50 });
    expect(hits).toHaveLength(50);
    for (const hit of hits) expect(hit.text).toMatch(/^same phrase/);
  });
});

describe('near-duplicates', () => {
  it('collapse to the best hit, which lists the others, and make room for more', async () => {
    const { find } = await corpus({
      old: 'the travel card has a limit of 500 dollars for each trip',
      new: 'The **travel card** has a limit of 500 dollars for each trip.',
      raised: 'the travel card has a limit of 750 dollars for each trip',
      far: 'a card',
    });
    const kept = await find('travel card limit', { limit: 3 });
    const collapsed = await find('travel card limit', { limit: 3, nearDuplicates: 'collapse' });
    expect(new Set(kept.map((hit) => hit.documentId)).size).toBe(3);
    expect(collapsed.map((hit) => hit.documentId)).toEqual(expect.arrayContaining(['s:raised', 's:far']));
    const [first] = collapsed.filter((hit) => hit.duplicates);
    expect([first!.documentId, first!.duplicates?.[0]?.documentId].sort()).toEqual(['s:new', 's:old']);
    expect(first!.duplicates).toEqual([expect.objectContaining({ similarity: 1, start: 0 })]);
  });
});

describe('a hit that grows', () => {
  const words = 'alpha beta gamma delta epsilon zeta eta theta iota kappa'.split(' ');
  const long = words.map((word) => `${word} one two three`).join('\n\n');

  it('takes chunks on each side, as far as its tokens go', async () => {
    const { find } = await corpus({ long });
    const [one] = await find('delta', { limit: 1, neighbours: 1 });
    expect(
      one!.text
        .trim()
        .split('\n\n')
        .map((part) => part.split(' ')[0]),
    ).toEqual(['gamma', 'delta', 'epsilon']);
    expect(long.slice(one!.matched!.start, one!.matched!.end).trim()).toBe('delta one two three');
    const [narrow] = await find('delta', { limit: 1, neighbours: 5, expansionTokens: 9 });
    // Two chunks have 8 tokens, three have 12: the one after is taken first.
    expect(narrow!.text.trim().split('\n\n')).toHaveLength(2);
    const [whole] = await find('delta', { limit: 1, parents: true });
    expect(whole!.text).toBe(long);
    const [own] = await find('delta', { limit: 1 });
    expect(own!.matched).toBeUndefined();
  });

  it('is always an exact slice, overlaps no other hit and loses none', async () => {
    const { find } = await corpus({ long, other: 'beta\n\neta\n\ntheta' });
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(words, { minLength: 1 }),
        fc.record({
          limit: fc.integer({ min: 1, max: 12 }),
          neighbours: fc.integer({ min: 0, max: 4 }),
          parents: fc.boolean(),
          expansionTokens: fc.integer({ min: 1, max: 60 }),
        }),
        async (query, options) => {
          const plain = await find(query.join(' '), { limit: options.limit });
          const grown = await find(query.join(' '), options);
          for (const hit of grown) {
            const source = hit.documentId === 's:long' ? long : 'beta\n\neta\n\ntheta';
            expect(source.slice(hit.start, hit.end)).toBe(hit.text);
            if (hit.matched) expect(estimateTokens(hit.text)).toBeLessThanOrEqual(options.expansionTokens);
            for (const other of grown)
              if (other !== hit && other.documentId === hit.documentId)
                expect(other.end <= hit.start || hit.end <= other.start).toBe(true);
          }
          const covered = grown.flatMap((hit) => [hit.chunkId, ...(hit.merged ?? [])]);
          expect(covered.sort()).toEqual(plain.map((hit) => hit.chunkId).sort());
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('reranking', () => {
  const documents = { a: 'tea tea tea', b: 'tea tea water', c: 'tea and much more water than tea' };
  const reranker = (rerank: RerankingModel['rerank']): RerankingModel => ({
    id: 'double',
    local: false,
    capabilities: { maxTexts: 10, maxTextLength: 20 },
    rerank,
    close: async () => {},
  });

  it('orders the first hits by the model, and the others follow', async () => {
    const asked: (readonly string[])[] = [];
    const model = reranker(async (_query, passages) => {
      asked.push(passages);
      return {
        scores: passages.map((_, index) => index),
        cost: { ...noCost, usd: 0.002, source: 'entered' },
      };
    });
    const { find, retriever } = await corpus(documents, { rerankingModel: async () => model });
    const plain = await find('tea');
    const hits = await find('tea', { rerank: { model: 'double', top: 2 } });
    expect(hits.map((hit) => hit.chunkId)).toEqual([plain[1], plain[0], plain[2]].map((hit) => hit!.chunkId));
    expect(hits.map((hit) => hit.rerankScore)).toEqual([1, 0, undefined]);
    expect(asked[0]).toEqual(plain.slice(0, 2).map((hit) => hit.text.trim().slice(0, 20)));
    const one = await retriever.retrieve('tea', localOwner, {
      limit: 1,
      rerank: { model: 'double', top: 3 },
    });
    expect(one.hits.map((hit) => hit.chunkId)).toEqual([plain[2]!.chunkId]);
    expect(one.rerankCost?.usd).toBe(0.002);
  });

  it('leaves the order as it is when the model fails, and says so', async () => {
    const notices: string[] = [];
    const model = reranker(async () => {
      throw new FulcrumError('model-unreachable', {
        model: 'double',
        problem: 'no complete answer within 5 s',
      });
    });
    const { find } = await corpus(documents, {
      rerankingModel: async () => model,
      onNotice: (notice) => notices.push(notice),
    });
    expect(await find('tea', { rerank: { model: 'double', top: 3 } })).toEqual(await find('tea'));
    expect(notices).toEqual([
      expect.stringMatching(/^Not reranked: double cannot be reached: no complete answer/),
    ]);
  });

  it('is an error where it cannot be set up', async () => {
    const { find } = await corpus(documents);
    await expect(find('tea', { rerank: { model: 'x', top: 3 } })).rejects.toMatchObject({
      code: 'reranker-unknown',
    });
    const rejected = reranker(async () => {
      throw new FulcrumError('model-key-rejected', { model: 'x', provider: 'x', problem: '', variable: 'X' });
    });
    const other = await corpus(documents, { rerankingModel: async () => rejected });
    await expect(other.find('tea', { rerank: { model: 'x', top: 3 } })).rejects.toMatchObject({
      code: 'model-key-rejected',
    });
  });
});
