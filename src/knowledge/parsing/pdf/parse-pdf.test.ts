import { describe, expect, it } from 'vitest';
import { pdfFile, pdfLines } from '../pdf-file.fixture.ts';
import { placeOf } from '../places.ts';
import { parsePdf } from './parse-pdf.ts';

const left = [
  'The kettle must reach the right heat before',
  'the leaves go in, and green tea wants less',
  'than black. Water that is too hot makes infor-',
  'mation about taste useless, as any cook knows',
  'who has made tea for more than one guest.',
];
const right = [
  'Pour slowly and count to ten. A well-',
  'known trick is to cover the pot with a cloth',
  'while it stands. The information on the tin',
  'tells how long. Do not stir the leaves much',
  'since that makes the tea bitter and dark.',
];

describe('parsePdf', () => {
  it('reads columns one after the other, whatever the order in the file, and joins lines and certain hyphens', async () => {
    const page = [
      ...pdfLines(right, { x: 320, top: 700 }),
      { text: '7', x: 290, y: 30 },
      ...pdfLines(left, { top: 700 }),
      { text: 'How to brew tea', x: 72, y: 760, size: 20 },
    ];
    const document = await parsePdf(pdfFile([page], { compress: true }), 'a.pdf');
    expect(document.text.split('\n\n')).toEqual([
      'How to brew tea',
      left.join(' ').replace('infor- ', 'infor'),
      right.join(' ').replace('well- ', 'well-'),
      '7',
    ]);
    expect(document.blocks[0]).toMatchObject({ kind: 'heading', level: 1, title: 'How to brew tea' });
    expect(document.title).toBe('How to brew tea');
  });

  it('keeps rows of a table, items of a list and short lines', async () => {
    const rows = [
      ['Tea', 'Heat', 'Time'],
      ['Green', '75 C', '2 min'],
      ['White tea', '80 C', '3 min'],
    ];
    const table = rows.flatMap((row, line) =>
      row.map((text, column) => ({ text, x: 72 + column * 150, y: 700 - line * 14 })),
    );
    const list = pdfLines(['- First', '- Second'], { top: 600 });
    const address = pdfLines(['Tea House of the Long Street', '1 High St', 'Leeds'], { top: 500 });
    const { text, blocks } = await parsePdf(pdfFile([[...table, ...list, ...address]]), 'a.pdf');
    expect(text).toBe(
      'Tea  Heat  Time\nGreen  75 C  2 min\nWhite tea  80 C  3 min\n\n- First\n\n- Second\n\nTea House of the Long Street 1 High St\nLeeds',
    );
    expect(blocks.map(({ kind }) => kind)).toEqual(['table', 'list-item', 'list-item', 'paragraph']);
  });

  it('says which pages have no text, and where a text stands', async () => {
    const words = (text: string) => pdfLines([text]);
    const document = await parsePdf(
      pdfFile([words('First page.'), 'scan', [], words('Last page.'), 'scan'], {
        title: 'T',
        language: 'de',
        modified: '20260301',
      }),
      'a.pdf',
    );
    expect(document.warnings).toEqual([
      {
        page: 2,
        problem:
          'Pages 2 to 3 have no text: scanned, a picture or empty. Run OCR on the file to have its words.',
      },
      {
        page: 5,
        problem: 'Page 5 has no text: scanned, a picture or empty. Run OCR on the file to have its words.',
      },
    ]);
    const at = document.text.indexOf('Last');
    expect(placeOf(document, at, at + 4)).toEqual({ page: 4 });
    expect(placeOf(document, 0, document.text.length)).toEqual({ page: 1, lastPage: 4 });
    expect([document.title, document.attributes]).toEqual(['T', { language: 'de', date: '2026-03-01' }]);
  });

  it('names a character map that is not in the file', async () => {
    const file = Buffer.from(pdfFile([[{ text: 'AB', x: 72, y: 700 }]])).toString('latin1');
    const font =
      '/Type0 /BaseFont /S /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /S /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>]';
    const changed = file.replace('/Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding', font);
    const { warnings } = await parsePdf(Buffer.from(changed, 'latin1'), 'a.pdf');
    expect(warnings.map(({ problem }) => problem)).toContain(
      'Text that needs the character map UniGB-UCS2-H, which is not in the file, is missing.',
    );
  });

  it.each([
    ['protected', pdfFile([[]], { encrypted: true }), 'document-encrypted'],
    ['empty', new Uint8Array(0), 'document-damaged'],
    ['nothing but a header', Buffer.from('%PDF-1.7\n'), 'document-damaged'],
    [
      'a loop of pages',
      Buffer.from(
        Buffer.from(pdfFile([[]]))
          .toString('latin1')
          .replace(/\/Kids \[\d+ 0 R\]/, '/Kids [2 0 R]'),
        'latin1',
      ),
      null,
    ],
  ])('a file that is %s', async (_name, bytes, code) => {
    const outcome = await parsePdf(bytes, 'a.pdf').catch((error: { code: string }) => error);
    if (code) expect(outcome).toMatchObject({ code });
    else expect('code' in outcome ? outcome.code : outcome.text).toMatch(/^$|document-damaged/);
  });
});
