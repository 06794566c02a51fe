import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawDocument, SourceListing } from '../document.ts';
import { createSource } from './create-source.ts';
import { sourceConfigSchema } from './source-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(content: string | Uint8Array, config: object = {}) {
  writeFileSync(join(folder, 'a.csv'), content);
  const parsed = sourceConfigSchema.parse({ type: 'csv', file: 'a.csv', id: 'id', ...config });
  return createSource('s', parsed, { projectDirectory: folder });
}

async function listAll(content: string | Uint8Array, config?: object): Promise<SourceListing[]> {
  const listings: SourceListing[] = [];
  for await (const listing of open(content, config).list()) listings.push(listing);
  return listings;
}

async function readAll(content: string, config?: object): Promise<RawDocument[]> {
  const source = open(content, config);
  const documents: RawDocument[] = [];
  for await (const listing of source.list()) if (listing.ok) documents.push(await source.read(listing.item));
  return documents;
}

describe('a CSV source', () => {
  it('takes one column as it is, several as lines with their headers, or all that serve nothing else', async () => {
    const table = 'id,name,size,note,acl\n7,Tent,"4 ""p""",,group:x\nb,"Sack\nof wool",2,warm,everyone\n';
    const texts = async (config: object) => (await readAll(table, config)).map(({ content }) => content);
    expect(await texts({ text: 'name' })).toEqual(['Tent', 'Sack\nof wool']);
    expect(await texts({ text: ['note', 'name'] })).toEqual([
      'name: Tent\n',
      'note: warm\nname: Sack\nof wool\n',
    ]);
    expect(await texts({ title: 'name', fields: { readers: 'acl' } })).toEqual([
      'size: 4 "p"\n',
      'size: 2\nnote: warm\n',
    ]);
    const [first] = await readAll(table, {
      text: 'name',
      format: 'markdown',
      title: 'name',
      fields: { readers: 'acl', metadata: { Size: 'size', n: 'note' } },
    });
    expect(first).toEqual({
      key: '7',
      uri: 'a.csv#7',
      content: 'Tent',
      mediaType: 'text/markdown',
      title: 'Tent',
      readers: ['group:x'],
      metadata: { Size: '4 "p"' },
    });
  });

  it.each([
    [';', 'id;text\n1;"a, b, c"\n'],
    ['\t', 'id\ttext\r\n1\ta, b, c\r\n'],
    ['|', 'id|text\n1|a, b, c\n'],
    [',', 'id,text\n1,"a, b, c"'],
  ])('tells the delimiter %j', async (_name, table) => {
    expect((await readAll(table, { text: 'text' })).map(({ content }) => content)).toEqual(['a, b, c']);
  });

  it('reads whatever a table can hold, in any dialect', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\t', '\n', '\r\n', ' ', '🙂', '0'),
    });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      record_delimiter: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      quoted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(rows, dialect, async (values, options) => {
        const table = values.map(([first, second], index) => [`id${index}`, first, second]);
        const written = stringify([['id', 'first', 'second'], ...table], {
          ...options,
          quoted_match: /[\r\n]/,
        });
        const documents = await readAll(written, { text: 'first', fields: { metadata: ['second'] } });
        expect(documents.map(({ key, content }) => [key, content])).toEqual(
          table.map(([id, first]) => [id, first]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('takes line ends of every kind, mixed as well', async () => {
    const documents = await readAll('id,text\r\n1,one\n2,"two\r\nlines"\r\n\r\n3,three\r4,four', {
      text: 'text',
    });
    expect(documents.map(({ key, content }) => [key, content])).toEqual([
      ['1', 'one'],
      ['2', 'two\r\nlines'],
      ['3', 'three'],
      ['4', 'four'],
    ]);
  });

  it('reports bad rows with their number and line, and goes on', async () => {
    const listings = await listAll('id,text\na,"one\ntwo"\nb\n\nc,3,4\n,5\na,6\nd,7\n');
    expect(listings.map((listing) => (listing.ok ? listing.item.key : String(listing.error)))).toEqual([
      'a',
      expect.stringContaining('a.csv, line 4: row 2: it has 1 columns, and there are 2 headers'),
      expect.stringContaining('a.csv, line 6: row 3: it has 3 columns, and there are 2 headers'),
      expect.stringContaining('a.csv, line 7: row 4: the column "id" is empty'),
      expect.stringContaining('a.csv, line 8: row 5: the id "a" was already used in row 1'),
      'd',
    ]);
    // Only the double hides nothing: its id is known.
    expect(listings.map((listing) => !listing.ok && listing.hidesOthers === true)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('does not take rows for gone that a quote without an end swallowed', async () => {
    const listings = await listAll('id,text\na,one\nb,"two\nc,three\n');
    expect(listings.map((listing) => (listing.ok ? listing.item.key : String(listing.error)))).toEqual([
      'a',
      expect.stringContaining('row 2: a quote that starts in it is never closed'),
    ]);
    expect(listings[1]).toMatchObject({ hidesOthers: true });
  });

  it('needs its columns, each once, and UTF-8', async () => {
    await expect(listAll('ID,text\n')).rejects.toMatchObject({
      code: 'source-invalid',
      message: expect.stringContaining('a.csv has no column "id"'),
    });
    await expect(listAll('id,text\n', { fields: { readers: 'acl' } })).rejects.toMatchObject({
      code: 'source-invalid',
    });
    await expect(listAll('id,text,text\n')).rejects.toThrow('has the column "text" twice');
    await expect(listAll('')).rejects.toThrow('a.csv is empty');
    await expect(listAll(Buffer.from('id,text\n1,\xff\n', 'latin1'))).rejects.toMatchObject({
      code: 'file-not-text',
    });
    await expect(listAll(Buffer.from('\ufeffid,text\n', 'utf16le'))).rejects.toMatchObject({
      code: 'file-not-text',
    });
    const source = open('id,text\n1,x\n');
    rmSync(join(folder, 'a.csv'));
    await expect(source.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('says that a row changed between listing and reading', async () => {
    const source = open('id,text\n1,one\n2,two\n');
    const items = [];
    for await (const listing of source.list()) if (listing.ok) items.push(listing.item);
    writeFileSync(join(folder, 'a.csv'), 'id,text\n1,ONE\n2,two\n');
    await expect(source.read(items[0]!)).rejects.toMatchObject({ code: 'document-changed' });
    expect((await source.read(items[1]!)).content).toBe('text: two\n');
  });
});
