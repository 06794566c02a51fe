import { expect, it } from 'vitest';
import type { Source } from '../knowledge/index.ts';
import { createMemorySource } from './paragraph-corpus.ts';
import { checkSource, type SourceFixture } from './source-conformance.ts';

/** Titles of the checks that a source does not pass. */
async function failedChecks(create: () => SourceFixture): Promise<string[]> {
  const checks: { title: string; run: () => Promise<void> }[] = [];
  checkSource(
    { describe: (_name, define) => define(), it: (title, run) => checks.push({ title, run }) },
    'a source',
    create,
  );
  const failed: string[] = [];
  for (const { title, run } of checks) await run().catch(() => failed.push(title));
  return failed;
}

const good = (): Source => createMemorySource('s', { a: 'one', b: 'two' });
const broken = (changes: (source: Source) => Partial<Source>) => () => {
  const source = good();
  return { source: { ...source, ...changes(source) } };
};

it('passes a good source and tells what is wrong with others', async () => {
  expect(await failedChecks(() => ({ source: good() }))).toEqual([]);

  const twice = broken((source) => ({
    async *list(options) {
      yield* source.list(options);
      yield* source.list(options);
    },
  }));
  expect(await failedChecks(twice)).toContain('lists the same documents in the same order each time');

  const otherKey = broken((source) => ({
    read: async (item, options) => ({ ...(await source.read(item, options)), key: 'other' }),
  }));
  expect(await failedChecks(otherKey)).toContain('reads what it lists, by a copy of the item and again');

  const anyList = broken((source) => ({
    read: async (item, options) => ({ ...(await source.read(item, options)), readers: ['hr'] }),
  }));
  expect(await failedChecks(anyList)).toEqual(['reads what it lists, by a copy of the item and again']);

  const invents = broken(() => ({
    read: async ({ key, uri }, { signal } = {}) => {
      signal?.throwIfAborted();
      return { key, uri, content: key, mediaType: 'text/plain' };
    },
  }));
  expect(await failedChecks(invents)).toEqual(['does not know a document that it did not list']);

  const deaf = broken((source) => ({ list: () => source.list(), read: (item) => source.read(item) }));
  expect(await failedChecks(deaf)).toEqual(['stops when it is told to']);

  let count = 0;
  const restless = broken((source) => ({
    capabilities: { versions: 'declared' },
    async *list(options) {
      for await (const listing of source.list(options))
        yield listing.ok ? { ok: true, item: { ...listing.item, version: String(count++) } } : listing;
    },
  }));
  expect(await failedChecks(restless)).toEqual(['gives versions that stay while documents do']);

  const blind = (): SourceFixture => {
    const documents = { a: 'one', b: 'two' };
    const source = createMemorySource('s', documents);
    return {
      source: {
        ...source,
        capabilities: { versions: 'declared' },
        async *list(options) {
          for await (const listing of source.list(options))
            yield listing.ok ? { ok: true, item: { ...listing.item, version: 'same' } } : listing;
        },
      },
      change() {
        documents.a = 'ONE';
        return 'a';
      },
      remove: () => 'b',
    };
  };
  expect(await failedChecks(blind)).toEqual([
    'shows a change of one document, and of no other',
    'no longer lists a document that is gone',
  ]);
});
