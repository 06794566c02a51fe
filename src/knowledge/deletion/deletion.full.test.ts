import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localOwner, sha256 } from '../../core/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import { hasUnfinishedDeletions, knowledgeTables } from '../migrations.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import {
  createDeletionCorpus,
  type DeletionCorpus,
  killDuring,
  killSteps,
  removedOf,
} from './deletion.fixture.ts';
import { undelete } from './undelete.ts';

const newCorpus = () =>
  createDeletionCorpus({
    model: createHashingEmbeddingModel(),
    pipeline: createParagraphPipeline(),
    source: (documents) => createMemorySource('s', documents),
  });

let corpus: DeletionCorpus;
beforeEach(async () => {
  corpus = await newCorpus();
});
afterEach(() => corpus.close());

it.each(killSteps)(
  'is finished by the next command when the process is killed: %s',
  async (step) => {
    await corpus.sync({ a: 'qwertzuiopasdf first', b: 'berry pie' });
    await corpus.closedFor(async () => expect(await killDuring(corpus, step)).toBe('SIGKILL'));
    expect(await hasUnfinishedDeletions(corpus.database())).toBe(true);
    // From the moment that the tables are free of it, no search shows it, finished or not.
    if (step !== 'requested') expect(await corpus.found('qwertzuiopasdf first')).toEqual(['s:b']);
    const finished = await corpus.deleter().finish();
    expect(finished.map(({ receipt }) => receipt.documents.map(({ id }) => id))).toEqual([['s:a']]);
    expect(removedOf(finished[0]!.receipt)).toMatchObject({ 'passages (chunks)': 1 });
    expect(await hasUnfinishedDeletions(corpus.database())).toBe(false);
    expect(corpus.filesThatHold([Buffer.from('qwertzuiopasdf')])).toEqual([]);
    expect(await corpus.found('qwertzuiopasdf first')).toEqual(['s:b']);
  },
  60_000,
);

/** Letters that nothing compresses and no other document has. */
const wordOf = (key: string, state: number): string => `${key}zqxwvkj${'bdfghlmnprst'[state]}yuv${key}`;
const keys = ['alpha', 'bravo', 'carol'];

const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('sync' as const),
      states: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), key: fc.constantFrom(...keys) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('undelete' as const), key: fc.constantFrom(...keys) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollback' as const), share: fc.nat(99) }) },
);

it('no deleted document is shown by anything, in whatever order documents are synced, rolled back, deleted and undeleted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 9 }), async (operations) => {
      const own = await newCorpus();
      try {
        const deleted = new Set<string>();
        const texts = new Map<string, Set<string>>(keys.map((key) => [key, new Set()]));
        for (const step of operations) {
          if (step.kind === 'sync') {
            // State 3: the source does not have the document.
            const present = keys.flatMap((key, index) =>
              step.states[index] === 3 ? [] : [[key, step.states[index]!] as const],
            );
            const documents = Object.fromEntries(
              present.map(([key, state]) => [key, `common words\n\n${wordOf(key, state)} in state ${state}`]),
            );
            const { suppressed } = await own.sync(documents);
            expect(suppressed).toBe(present.filter(([key]) => deleted.has(key)).length);
            for (const [key] of present) if (!deleted.has(key)) texts.get(key)!.add(documents[key]!);
          } else if (step.kind === 'delete') {
            if (texts.get(step.key)!.size === 0) continue;
            await own.remove(`s:${step.key}`);
            deleted.add(step.key);
            const gone = [...texts.get(step.key)!].map((text) => Buffer.from(text.split(/\s+/)[2]!));
            expect(own.filesThatHold(gone)).toEqual([]);
            texts.set(step.key, new Set());
          } else if (step.kind === 'rollback') {
            const numbers = await own.versions();
            const number = numbers[Math.floor((step.share * numbers.length) / 100)];
            if (number !== undefined) await own.rollback(number);
          } else if (deleted.has(step.key)) {
            await undelete(own.database(), 'local', [`s:${step.key}`], async () => undefined);
            deleted.delete(step.key);
          }
          const found = await own.found('common words in state');
          for (const key of deleted) {
            expect(found).not.toContain(`s:${key}`);
            for (const state of [0, 1, 2]) {
              const version = sha256(`common words\n\n${wordOf(key, state)} in state ${state}`);
              expect(
                await createDocumentReader({ database: own.database() }).read(
                  `s:${key}`,
                  localOwner,
                  version,
                ),
              ).toBeNull();
            }
          }
        }
      } finally {
        await own.close();
      }
    }),
    { numRuns: 25 },
  );
}, 900_000);

it('takes out more documents than a statement can name, and refuses more text than memory can hold', async () => {
  const ids = Array.from({ length: 17_000 }, (_, index) => `s:${index}`);
  const row = (id: string, text: string) => ({
    ...{
      tenant: 'local',
      document_id: id,
      revision: 'r',
      version: sha256(id),
      text,
      chunk_count: 0,
      embedded: 1,
    },
    ...{ source: 's', key: id, uri: id, title: null, input_hash: '', source_version: null, readers: '[]' },
    ...{ language: null, date: null, metadata: '{}', places: '[]', created_at: '' },
  });
  const insert = async (rows: ReturnType<typeof row>[]): Promise<void> => {
    await knowledgeTables(corpus.database()).insertInto('document_revisions').values(rows).execute();
  };
  for (let start = 0; start < ids.length; start += 1000)
    await insert(ids.slice(start, start + 1000).map((id) => row(id, `word ${id}`)));
  const request = { ids, reason: null, by: 'test', questions: false };
  const receipt = await corpus.deleter().plan(request);
  expect(removedOf(receipt)['texts of documents, live and of older versions']).toBe(17_000);
  await insert([row('s:long', 'x'.repeat(20_000_001))]);
  await expect(corpus.deleter().plan({ ...request, ids: ['s:1', 's:long'] })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('20000009 characters'),
  });
  expect(await corpus.deleter().plan({ ...request, ids: ['s:long'] })).toMatchObject({ kept: [] });
}, 120_000);
