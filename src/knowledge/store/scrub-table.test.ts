import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IndexedChunk, IndexedVector } from '../chunk-store.ts';
import { createLanceStore } from './lance-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-scrub-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A word that no compression can make shorter, so that a page that holds it holds its letters. */
function newWord(): string {
  return Array.from(randomBytes(20), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

function row(
  documentId: string,
  ordinal: number,
  indexedText: string,
  seed: number,
): IndexedChunk & IndexedVector {
  return {
    id: `${documentId}@v#${ordinal}`,
    documentId,
    version: 'v',
    source: 's',
    readers: ['everyone'],
    language: null,
    date: null,
    tags: [],
    indexedText,
    vector: Float32Array.from({ length: 64 }, (_, index) => Math.sin(seed * (index + 1))),
  };
}

function filesThatHold(needles: readonly Buffer[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return needles.some((needle) => bytes.includes(needle));
    });
}

it.each([20_000, 300])(
  'a scrub leaves no byte of what was removed (exact scan up to %i rows)',
  async (exactRows) => {
    const secret = Array.from({ length: 30 }, newWord);
    const kept = Array.from({ length: 600 }, (_, index) =>
      row('s:kept', index, `river ${newWord()} ${newWord()}`, index + 1),
    );
    const gone = Array.from({ length: 4 }, (_, index) =>
      row('s:gone', index, secret.slice(index * 7, index * 7 + 7).join(' '), 1000.5 + index),
    );
    const store = createLanceStore({ directory: folder, exactRows });
    for (const rows of [kept.slice(0, 300), gone, kept.slice(300)]) {
      await store.addChunks('local', rows);
      await store.addVectors('local', rows);
    }
    await store.optimize('local');
    const needles = [
      ...secret.slice(0, 28).map((word) => Buffer.from(word)),
      ...gone.map(({ vector }) => Buffer.from(vector.buffer, 0, 40)),
    ];
    expect(filesThatHold(needles).length).toBeGreaterThanOrEqual(2);

    await store.removeVersions('local', [{ documentId: 's:gone', version: 'v' }]);
    await store.optimize('local');
    // What is removed as usual stays in the files.
    expect(filesThatHold(needles).length).toBeGreaterThanOrEqual(2);
    await store.scrub('local');
    expect(filesThatHold(needles)).toEqual([]);

    // A second look that does not depend on how pages are written: every state of every table, read back.
    const lance = await connect(folder);
    const names = await lance.tableNames();
    expect(names.sort()).toEqual(['keywords_local', 'vectors_local']);
    for (const name of names) {
      const table = await lance.openTable(name);
      for (const { version } of await table.listVersions()) {
        await table.checkout(version);
        const rows = await table.query().select(['document_id']).toArray();
        expect(new Set(rows.map((each) => each.document_id))).toEqual(new Set(['s:kept']));
        expect(rows).toHaveLength(600);
      }
    }
    const reader = { tenant: 'local', user: 'x', groups: [] };
    expect(await store.searchKeywords(reader, secret[3]!, 10)).toEqual([]);
    expect(await store.searchKeywords(reader, 'river', 1000)).toHaveLength(600);
    expect((await store.searchVectors(reader, kept[7]!.vector, 1))[0]?.id).toBe('s:kept@v#7');
    await store.close();
  },
  30_000,
);

it('a reader in another process goes on while a table is scrubbed', async () => {
  const store = createLanceStore({ directory: folder });
  const other = createLanceStore({ directory: folder });
  const rows = Array.from({ length: 300 }, (_, index) =>
    row('s:kept', index, `river ${newWord()}`, index + 1),
  );
  await store.addChunks('local', [...rows, row('s:gone', 0, 'river secret', 1)]);
  await store.addVectors('local', rows);
  await store.optimize('local');
  const reader = { tenant: 'local', user: 'x', groups: [] };
  let scrubbed = false;
  let searches = 0;
  const search = async (): Promise<void> => {
    while (!scrubbed) {
      const hits = await other.searchKeywords(reader, 'river', 1000);
      expect(hits.length).toBeGreaterThanOrEqual(300);
      expect((await other.searchVectors(reader, rows[3]!.vector, 1))[0]?.id).toBe('s:kept@v#3');
      searches++;
    }
  };
  const searching = search();
  await store.removeVersions('local', [{ documentId: 's:gone', version: 'v' }]);
  for (let round = 0; round < 3; round++) await store.scrub('local');
  scrubbed = true;
  await searching;
  expect(searches).toBeGreaterThan(3);
  await store.close();
  await other.close();
}, 30_000);
