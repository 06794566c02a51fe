import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError, readJsonLines, sha256 } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { evaluationMigrations, evaluationTables } from '../migrations.ts';
import { anchorDatasetFile } from './anchor-file.ts';
import { createDatasetStore, type DatasetStore } from './dataset-store.ts';
import { importDataset } from './import-dataset.ts';

const corpus: Record<string, string> = {
  'docs:a.md': 'One two three.\nTwo again: one two.\n',
  'docs:b.md': 'Smile \u{1F600} here.',
};
const readDocument = async (id: string) =>
  corpus[id] === undefined ? null : { text: corpus[id], version: 'v', uri: id };
const sources = { known: ['docs'], resolve: () => 'docs' };

let folder: string;
let store: DatasetStore;
let database: Awaited<ReturnType<typeof openDatabase>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-datasets-'));
  database = await openDatabase(':memory:', [evaluationMigrations]);
  store = createDatasetStore(database);
});

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const jsonl = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const load = (path: string, more: { name?: string; split?: string } = {}) =>
  importDataset({ path, name: 'd', sources, readDocument, store, ...more });
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof FulcrumError ? `${error.code}: ${error.message}` : String(error)),
  );

describe('importing JSON Lines', () => {
  it('turns quotes into offsets and hashes, completes ids and reports repeated quotes', async () => {
    const path = write(
      'q.jsonl',
      `\uFEFF${jsonl(
        {
          id: '1',
          input: 'q',
          evidence: [{ document: 'a.md', quote: 'three.\r\nTwo' }],
          group: 'g',
          split: 'test',
        },
        {
          id: '2',
          input: 'q',
          evidence: [
            { document: 'docs:b.md', quote: 'here', grade: 2 },
            { document: 'a.md', quote: 'two' },
          ],
        },
        { id: '3', input: 'no\u2028evidence', answerable: false },
      )}`,
    );
    const result = await load(path);
    expect(result).toMatchObject({
      samples: 3,
      splits: { none: 2, test: 1 },
      evidence: 3,
      unchanged: false,
      leftOut: 0,
    });
    expect(result.ambiguous).toEqual([{ sample: '2', document: 'docs:a.md', occurrences: 2 }]);
    const { content } = await store.get('d');
    expect(content[0]?.evidence).toEqual([
      { document: 'docs:a.md', start: 8, end: 18, hash: sha256('three.\nTwo') },
    ]);
    // The smiling face is two UTF-16 code units, so "here" starts at 9.
    expect(content[1]?.evidence?.[0]).toEqual({
      document: 'docs:b.md',
      start: 9,
      end: 13,
      hash: sha256('here'),
      grade: 2,
    });
    expect(content[2]).toEqual({ id: '3', input: 'no\u2028evidence', answerable: false });
  });

  it('finds a quote whose line breaks were copied as blanks', async () => {
    // "One two three.\nTwo …": the slice keeps the line break that the document has.
    const quoted = (quote: string) => jsonl({ id: '1', input: 'q', evidence: [{ document: 'a.md', quote }] });
    await load(write('q.jsonl', quoted('  three. Two')));
    expect((await store.get('d')).content[0]?.evidence).toEqual([
      { document: 'docs:a.md', start: 8, end: 18, hash: sha256('three.\nTwo') },
    ]);
    for (const quote of ['three.Two', 'three  Two'])
      expect(await code(load(write('q.jsonl', quoted(quote))))).toContain('evidence-not-found');
  });

  it('completes the ids of hidden documents and refuses one that is not there', async () => {
    const sample = (document: string) => ({
      id: '1',
      input: 'q',
      answerable: false,
      hiddenDocuments: [document],
    });
    await load(write('q.jsonl', jsonl(sample('a.md'))));
    expect((await store.get('d')).content[0]?.hiddenDocuments).toEqual(['docs:a.md']);
    expect(await code(load(write('q.jsonl', jsonl(sample('z.md')))))).toContain('1 of 1 pieces');
  });

  it('names the line that is wrong and imports nothing', async () => {
    const good = { id: '1', input: 'q' };
    const cases: [string, string][] = [
      [`${jsonl(good)}{"id": `, 'q.jsonl, line 2: not JSON'],
      [
        jsonl(good, { id: '2', input: 'q', refrence: 'x' }),
        'line 2: unknown key "refrence". Did you mean "reference"?',
      ],
      [jsonl(good, good), 'line 2: the id "1" was used in line 1 already'],
      [`\n${jsonl({ id: '', input: 'q' })}`, 'line 2: "id"'],
      [jsonl({ ...good, evidence: [{ document: 'a.md', start: 3 }] }), 'needs both start and end'],
      [
        jsonl({ ...good, evidence: [{ document: 'a.md', start: 3, end: 2 }] }),
        'ends (2) before it starts (3)',
      ],
      [jsonl(good, { id: '2', inptu: 'q' }), 'line 2: unknown key "inptu". Did you mean "input"?'],
      ['\n \n', 'dataset-empty'],
      [jsonl({ ...good, facts: [20] }), '"facts.0": a list of facts, each a list of accepted forms'],
    ];
    for (const [content, message] of cases)
      expect(await code(load(write('q.jsonl', content)))).toContain(message);
    expect(await code(load(write('q.jsonl', new Uint8Array([0x7b, 0xff, 0x0a]))))).toContain('file-not-text');
    const spreadsheet = Buffer.from(`\uFEFF${jsonl(good)}`, 'utf16le');
    expect(await code(load(write('q.jsonl', spreadsheet)))).toContain('it looks like UTF-16');
    expect(await code(load(write('q.csv', Buffer.from('\uFEFFid,input\n1,q\n', 'utf16le'))))).toContain(
      'it looks like UTF-16',
    );
    expect(await code(load(write('q.csv', 'id;input;reference\n1;q;r\n')))).toContain('--delimiter ";"');
    expect(await store.list()).toEqual([]);
  });

  it('names the line that is not UTF-8, and a name that no dataset may have', async () => {
    const latin = Buffer.concat([Buffer.from('{"id": "é"}\n\n'), Buffer.from('"caf\xe9"\n', 'latin1')]);
    expect(await code(load(write('q.jsonl', latin)))).toContain('is not UTF-8 text (line 3)');
    const long = Buffer.concat([Buffer.from('\u00a0\n'.repeat(50_000)), Buffer.of(0xff)]);
    expect(await code(load(write('q.jsonl', long)))).toContain('(line 50001)');
    const utf16 = Buffer.from('{"id": "1"}\n', 'utf16le');
    expect(await code(load(write('q.jsonl', utf16)))).toContain('line 1 holds a NUL');
    for (const name of ['', '../up', 'a b', '\u001b[31mred', '-n', 'x'.repeat(101)])
      expect(await code(store.save(name, [{ id: '1', input: 'q', answerable: true }], 'here'))).toContain(
        'dataset-name-invalid',
      );
    expect(await store.list()).toEqual([]);
  });

  it('understands ids that are numbers, and facts that are one text', async () => {
    await load(write('q.jsonl', jsonl({ id: 7, input: 'q', facts: ['20', ['a', 'b']], mustNot: ['never'] })));
    const [{ name = '' } = {}] = await store.list();
    expect((await store.get(name)).content).toMatchObject([
      { id: '7', facts: [['20'], ['a', 'b']], mustNot: [['never']] },
    ]);
  });

  it('names evidence that is not in the corpus', async () => {
    const sample = (id: string, evidence: object) => ({ id, input: 'q', evidence: [evidence] });
    const path = write(
      'q.jsonl',
      jsonl(
        sample('1', { document: 'a.md', quote: 'four' }),
        sample('2', { document: 'c.md' }),
        sample('3', { document: 'a.md', start: 0, end: 3, hash: sha256('Two') }),
        sample('4', { document: 'a.md', start: 0, end: 300 }),
        sample('5', { document: 'a.md', start: 0, end: 3, quote: 'One' }),
      ),
    );
    expect(await code(load(path))).toBe(
      'evidence-not-found: 4 of 5 pieces of evidence are not in the corpus: 1 -> docs:a.md "four"; 3 -> docs:a.md [0, 3); 4 -> docs:a.md [0, 300); 2 -> docs:c.md (no such document)',
    );
    expect(await store.list()).toEqual([]);
  });

  it('asks for the source only when an id has none', async () => {
    const ambiguous = {
      known: ['docs', 'faq'],
      resolve: () => {
        throw new FulcrumError('source-ambiguous', { count: 2, names: 'docs, faq' });
      },
    };
    const named = write('n.jsonl', jsonl({ id: '1', input: 'q', evidence: [{ document: 'docs:a.md' }] }));
    const bare = write('b.jsonl', jsonl({ id: '1', input: 'q', evidence: [{ document: 'a.md' }] }));
    const options = { name: 'd', readDocument, store, sources: ambiguous };
    expect((await importDataset({ ...options, path: named })).samples).toBe(1);
    expect(await code(importDataset({ ...options, path: bare }))).toContain('source-ambiguous');
  });

  it('takes one split, and puts samples without one in it', async () => {
    const path = write(
      'q.jsonl',
      jsonl(
        { id: '1', input: 'q', split: 'dev' },
        { id: '2', input: 'q', split: 'test' },
        { id: '3', input: 'q' },
      ),
    );
    expect(await load(path, { split: 'test' })).toMatchObject({
      samples: 2,
      splits: { test: 2 },
      leftOut: 1,
    });
    expect(await code(load(path, { split: 'tset' }))).toContain('There is no split "tset"');
  });

  it('keeps a dataset that runs refer to', async () => {
    const first = await load(write('q.jsonl', jsonl({ id: '1', input: 'q' }, { id: '2', input: 'q' })));
    const again = await load(write('r.jsonl', jsonl({ input: 'q', id: '2' }, { id: '1', input: 'q' })));
    expect([again.unchanged, again.hash]).toEqual([true, first.hash]);
    const changed = write('s.jsonl', jsonl({ id: '1', input: 'other' }));
    expect(await load(changed)).toMatchObject({ unchanged: false, samples: 1 });
    const { hash } = await store.get('d');
    await evaluationTables(database)
      .insertInto('evaluation_runs')
      .values({
        id: 'r',
        plan: 'p',
        dataset: 'd',
        dataset_hash: hash,
        split: null,
        sample_limit: null,
        variant: 'v',
        kind: 'k',
        deployable: 1,
        definition: '{}',
        definition_hash: 'h',
        metrics: '[]',
        samples: 1,
        origin: 'live',
        concurrency: 1,
        version: '0',
        node: 'v24',
        started_at: '',
        finished_at: null,
      })
      .execute();
    expect(await code(load(join(folder, 'q.jsonl')))).toContain('dataset-exists');
    expect((await load(changed)).unchanged).toBe(true);
    expect(await code(store.get('x'))).toContain('dataset-unknown');
  });
});

describe('importing BEIR', () => {
  it('takes judged queries, graded documents and answers', async () => {
    write(
      'queries.dev.jsonl',
      jsonl(
        { _id: '7', text: 'q', answers: ['x'], evidence: [] },
        { _id: '8', text: 'r' },
        { _id: '9', text: 's' },
      ),
    );
    write('qrels.dev.tsv', 'query-id\tcorpus-id\tscore\r\n7\ta.md\t1\r\n7\tb.md\t2\r\n9\ta.md\t0\r\n');
    const result = await load(folder);
    expect(result).toMatchObject({ samples: 1, splits: { dev: 1 }, leftOut: 2, evidence: 2 });
    expect((await store.get('d')).content).toEqual([
      {
        id: '7',
        input: 'q',
        answerable: true,
        references: ['x'],
        evidence: [{ document: 'docs:a.md' }, { document: 'docs:b.md', grade: 2 }],
        group: 'a.md',
        split: 'dev',
      },
    ]);
  });

  it('reads qrels/SPLIT.tsv and asks which split where there are several', async () => {
    mkdirSync(join(folder, 'qrels'));
    write('queries.jsonl', jsonl({ _id: '7', text: 'q' }, { _id: '8', text: 'q' }));
    write('qrels/dev.tsv', 'query-id\tcorpus-id\tscore\n7\ta.md\t1\n');
    write('qrels/test.tsv', 'query-id\tcorpus-id\tscore\n8\ta.md\t1\n');
    expect(await code(load(folder))).toContain('add --split dev or --split test');
    expect(await load(folder, { split: 'test' })).toMatchObject({ samples: 1, splits: { test: 1 } });
    write('qrels/test.tsv', 'query-id\tcorpus-id\tscore\n8 a.md 1\n');
    expect(await code(load(folder, { split: 'test' }))).toContain('test.tsv, line 2: expected query id');
    expect(await code(load(folder, { split: 'train' }))).toContain('file-not-found');
  });
});

describe('anchoring a file', () => {
  it('leaves no quote in it', async () => {
    const path = write(
      'q.jsonl',
      jsonl({ id: '1', input: 'q', evidence: [{ document: 'b.md', quote: 'here' }] }),
    );
    const out = join(folder, 'out.jsonl');
    expect(await anchorDatasetFile({ path, out, sources, readDocument })).toMatchObject({
      samples: 1,
      anchored: 1,
    });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
      id: '1',
      input: 'q',
      answerable: true,
      evidence: [{ document: 'docs:b.md', start: 9, end: 13, hash: sha256('here') }],
    });
    expect(await anchorDatasetFile({ path: out, sources, readDocument })).toMatchObject({
      path: out,
      anchored: 0,
    });
  });
});

describe('lines', () => {
  it('are read across pieces of the file, whatever is cut in between', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({ index, text: '\u{1F600}\u2028é'.repeat(20) }));
    const read: unknown[] = [];
    for await (const { value } of readJsonLines(write('big.jsonl', jsonl(...rows)))) read.push(value);
    expect(read).toEqual(rows);
  });
});
