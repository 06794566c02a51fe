import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { docxFile } from './docx-file.fixture.ts';
import { parseDocx } from './parse-docx.ts';

describe('parseDocx', () => {
  it('keeps headings, lists and tables, and what the file says of itself', async () => {
    const bytes = docxFile(
      [
        { heading: 'Brewing', level: 1 },
        { text: 'Warm the pot & wait <now>.' },
        { item: 'Green' },
        { item: 'Sencha', level: 1 },
        { item: 'Boil', numbered: true },
        {
          table: [
            ['Tea', 'Heat'],
            ['Black', '95'],
          ],
        },
        { heading: 'After', level: 2 },
        { text: 'End.' },
      ],
      { title: 'Guide', language: 'en_GB', modified: '2026-01-02T03:04:05Z' },
    );
    const document = await parseDocx(bytes, 'a.docx');
    expect(document.text).toBe(
      'Brewing\n\nWarm the pot & wait <now>.\n\n- Green\n  - Sencha\n1. Boil\n\nTea | Heat\nBlack | 95\n\nAfter\n\nEnd.',
    );
    expect(document.blocks.map(({ kind, level }) => level ?? kind)).toEqual([
      1,
      'paragraph',
      'list-item',
      'list-item',
      'list-item',
      'table',
      2,
      'paragraph',
    ]);
    expect([document.title, document.attributes]).toEqual([
      'Guide',
      { language: 'en-GB', date: '2026-01-02' },
    ]);
  });

  it('opens no file that it names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fulcrum-docx-'));
    const secret = join(folder, 'secret.png');
    writeFileSync(secret, 'the secret words');
    const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const picture =
      '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>';
    const bytes = docxFile([{ text: 'Before' }, { xml: picture }, { text: 'After' }], {
      parts: {
        'word/_rels/document.xml.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="${relation}/image" Target="${pathToFileURL(secret).href}" TargetMode="External"/></Relationships>`,
      },
    });
    const { text } = await parseDocx(bytes, 'a.docx');
    rmSync(folder, { recursive: true });
    expect(text).toBe('Before\n\nAfter');
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['cut off', docxFile([{ text: 'x'.repeat(3000) }]).slice(0, 800)],
    ['without a document', docxFile([], { parts: { 'word/document.xml': '<w:document' } })],
    ['unpacked beyond reason', docxFile([], { parts: { big: new Uint8Array(260 * 1024 * 1024) } })],
    [
      'of names from XML entities',
      docxFile([], {
        parts: {
          'word/document.xml':
            '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document>&b;</w:document>',
        },
      }),
    ],
  ])('a file that is %s is damaged or says nothing', async (_name, bytes) => {
    const outcome = await parseDocx(bytes, 'a.docx').catch((error: { code: string }) => error);
    expect('code' in outcome ? outcome.code : outcome.text).toMatch(/^$|document-damaged/);
  });
});
