import { describe, expect, it } from 'vitest';
import { docxFile } from './docx-file.fixture.ts';
import { docxType, mediaTypeOf } from './media-type.ts';
import { pdfFile } from './pdf-file.fixture.ts';

const text = (words: string) => new TextEncoder().encode(words);

describe('mediaTypeOf', () => {
  it.each([
    ['a.md', 'text/markdown'],
    ['a/b.MDX', 'text/mdx'],
    ['a.tsx', 'text/tsx'],
    ['a.py', 'text/x-python'],
    ['a.rs', 'text/x-source'],
    ['a.csv', 'text/csv'],
    ['Makefile', 'text/plain'],
    ['a.b/c', 'text/plain'],
  ])('takes the ending of %s', (path, type) => {
    expect(mediaTypeOf(path, text('words'))).toBe(type);
  });

  it('believes the bytes of a PDF and a Word document more than the ending', () => {
    expect(mediaTypeOf('a.txt', pdfFile([[]]))).toBe('application/pdf');
    expect(mediaTypeOf('a.md', Buffer.concat([Buffer.from('\0junk\n'), pdfFile([[]])]))).toBe(
      'application/pdf',
    );
    expect(mediaTypeOf('a.zip', docxFile([{ text: 'x' }]))).toBe(docxType);
    expect(mediaTypeOf('a.md', text('A PDF begins with %PDF-1.7'))).toBe('text/markdown');
  });

  it.each([
    ['PK\u0003\u0004......xl/workbook.xml', 'a workbook (XLSX)'],
    ['PK\u0003\u0004......ppt/slides', 'a presentation (PPTX)'],
    ['PK\u0003\u0004......a.txt', 'a zip archive'],
    ['{\\rtf1 text}', 'rich text (RTF)'],
    ['\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'an old or a password-protected Office file'],
    ['\u0089PNG', 'a picture (PNG)'],
  ])('names a format that is not read: %j', (head, format) => {
    expect(() => mediaTypeOf('a.txt', Buffer.from(head, 'latin1'))).toThrow(
      `a.txt is ${format}, which is not read.`,
    );
  });
});
