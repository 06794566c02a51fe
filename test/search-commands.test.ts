import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

const card =
  '---\nteam: travel\ndate: 2024-03-01\nlang: en\n---\n# Travel card\n\nThe travel card has a limit of 500 dollars for each trip.\n\n## Raise\n\nA director can raise the limit of the travel card.\n';
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    sources: { docs: { type: 'files', directory: 'docs' }, copies: { type: 'files', directory: 'copies' } },
    variants: {
      extract: { reader: 'extract', refusal: false },
      travel: { reader: 'extract', refusal: false, retriever: { filter: { metadata: { team: 'travel' } } } },
    },
  }),
  'docs/card.md': card,
  'copies/card.md': card,
  'docs/card-old.md':
    '---\nteam: travel\ndate: 2022-03-01\nlang: en\n---\n# Travel card\n\nThe travel card has a limit of 500 dollars for each trip.\n',
  'docs/leave.md':
    '---\nteam: hr\ndate: 2025-01-15\nlang: en\n---\n# Leave\n\nAnnual leave has a limit of 240 hours. Call setLeaveLimit to change it.\n',
  'docs/karte.md': '---\nteam: hr\nlang: de\n---\n# Karte\n\nDie Karte hat ein limit.\n',
  'turns.json': JSON.stringify([
    { role: 'user', content: 'Which limit does the travel card have?' },
    { role: 'assistant', content: '500 dollars.' },
  ]),
  'bad.jsonl': '{"role":"user","content":"x"}\n{"role":"system","content":"x"}\n',
});
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const uris = async (...args: string[]): Promise<string[]> =>
  (await json('search', '--source', 'docs', ...args)).hits.map((hit: { uri: string }) => hit.uri);

beforeAll(async () => {
  expect((await run('sync')).code).toBe(0);
});
afterAll(() => folder.remove());

describe('fulcrum search', () => {
  it('narrows by metadata, dates, language and source', async () => {
    expect(new Set(await uris('limit'))).toEqual(new Set(['card.md', 'card-old.md', 'leave.md', 'karte.md']));
    expect(new Set(await uris('limit', '--where', 'team=travel'))).toEqual(
      new Set(['card.md', 'card-old.md']),
    );
    expect(new Set(await uris('limit', '--where', 'team=hr', '--where', 'team=travel'))).toHaveLength(4);
    expect(new Set(await uris('limit', '--since', '2024-03-01'))).toEqual(new Set(['card.md', 'leave.md']));
    expect(new Set(await uris('limit', '--until', '2024-03-01'))).toEqual(
      new Set(['card.md', 'card-old.md']),
    );
    expect(await uris('limit', '--language', 'DE')).toEqual(['karte.md']);
  });

  it('refuses filters that a slip has made, with what there is', async () => {
    for (const [args, code, message] of [
      [['--where', 'taem=hr'], 'filter-unknown', /The key "taem" .*Did you mean "team"/],
      [['--where', 'team=trvel'], 'filter-unknown', /Did you mean "travel"/],
      [['--where', 'team'], 'usage', /KEY=VALUE, not "team"/],
      [['--language', 'fr'], 'filter-unknown', /There are the languages de, en\./],
      [['--since', '2024-02-30'], 'filter-invalid', /"2024-02-30" is no date/],
      [['--since', '2025-01-01', '--until', '2024-01-01'], 'filter-unknown', /ends before it begins/],
      [['--source', 'doc'], 'source-unknown', /Did you mean "docs"/],
      [['--neighbours', '-1'], 'usage', /whole number from 0/],
      [['--near-duplicates', 'drop'], 'usage', /keep or collapse/],
      [['--rerank', 'x'], 'reranker-unknown', /no reranking model "x"/],
    ] as const) {
      const { error } = await json('search', 'limit', ...args);
      expect([args, error.code]).toEqual([args, code]);
      expect(`${error.message} ${error.hint}`).toMatch(message);
    }
  });

  it('explains itself, as text and as JSON', async () => {
    const found = await json(
      'search',
      'limit setLeaveLimit',
      '--limit',
      '2',
      '--explain-document',
      'docs:card-old.md',
    );
    expect(found.hits[0]).toMatchObject({ uri: 'leave.md', documentId: 'docs:leave.md' });
    expect(found.explanation).toMatchObject({
      query: { terms: ['limit', 'setleavelimit', 'set', 'leave'], phrases: [], language: null },
      settings: { limit: 2, nearDuplicates: 'keep', rerank: null },
      filter: {},
      arms: { vector: { skipped: 'there is no vector of the query' } },
      document: { documentId: 'docs:card-old.md', state: 'ranked-below', filteredBy: [], vector: null },
      notices: [],
    });
    expect(found.explanation.hits).toHaveLength(2);
    expect(found.explanation.hits[0]).toMatchObject({
      ranks: { keyword: 1, vector: null },
      normalised: { keyword: 1, vector: null },
      fusedRank: 1,
      matchedTerms: expect.arrayContaining(['limit', 'setleavelimit', 'leave']),
    });
    expect(found.explanation.milliseconds).toMatchObject({
      keyword: expect.any(Number),
      total: expect.any(Number),
    });
    const { stdout } = await run('search', '"travel card" limit', '--where', 'team=travel', '--explain');
    expect(stdout).toMatch(/keyword rank 1, BM25 \d+\.\d\d \(1\.000 of the best\); vector -; fused rank 1/);
    expect(stdout).toMatch(/matched: travel, card, limit/);
    expect(stdout).toMatch(/phrases {4}"travel card"/);
    expect(stdout).toMatch(/filter {5}metadata \{"team":\["travel"\]\}/);
    expect(stdout).toMatch(/reader {5}one of everyone, user:local-owner, group:owners/);
  });

  it('grows hits and leaves near-duplicates out when asked to', async () => {
    const [grown] = (await json('search', 'director raise', '--limit', '1', '--neighbours', '1')).hits;
    expect(grown.text).toMatch(/500 dollars[\s\S]*director/);
    expect(grown.matched.start).toBeGreaterThan(grown.start);
    const collapsed = await run('search', '500 dollars each trip', '--near-duplicates', 'collapse');
    expect(collapsed.stdout).toMatch(/the same in: card\.md/);
  });
});

describe('fulcrum ask', () => {
  it('narrows as a search does, and by what the variant narrows', async () => {
    expect(
      (await json('ask', 'which limit', '--where', 'team=hr', '--language', 'en')).citations[0].uri,
    ).toBe('leave.md');
    expect((await json('ask', 'annual leave limit', '--variant', 'travel')).citations[0].uri).toMatch(
      /^card/,
    );
    const none = await json('ask', 'which limit', '--variant', 'travel', '--where', 'team=hr');
    expect(none.citations).toEqual([]);
  });

  it('takes earlier turns from a file and says how it understood the question', async () => {
    const turns = `${folder.path}/turns.json`;
    const answered = await json('ask', 'Who can raise it?', '--history', turns);
    expect(answered.understoodAs).toBe('Which limit does the travel card have? Who can raise it?');
    expect(answered.answer).toMatch(/A director can raise the limit/);
    expect((await json('ask', 'Who can raise it?')).understoodAs).toBeUndefined();
    expect((await json('ask', 'x', '--history', `${folder.path}/bad.jsonl`)).error).toMatchObject({
      code: 'conversation-invalid',
      message: expect.stringMatching(/turn 2: "role"/),
    });
    expect((await json('ask', 'x', '--history', `${folder.path}/none.json`)).error.code).toBe(
      'file-not-found',
    );
  });
});
