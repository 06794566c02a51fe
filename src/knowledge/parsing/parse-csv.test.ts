import { describe, expect, it } from 'vitest';
import { chunkDocument } from '../chunking/chunk-document.ts';
import { parseCsv } from './parse-csv.ts';
import { placeOf } from './places.ts';

const rows = (text: string) => {
  const { blocks, places } = parseCsv(text);
  return blocks.map(({ start, end, indexed }, index) => [
    text.slice(start, end),
    indexed ?? null,
    places[index]?.row ?? 0,
  ]);
};

describe('parseCsv', () => {
  it('indexes each row with its headers and keeps the text', () => {
    const text = 'Tea;Heat\nGreen;75\n"Earl\nGrey";95\n\nBlack;\n';
    expect(parseCsv(text).text).toBe(text);
    expect(rows(text)).toEqual([
      ['Tea;Heat', null, 0],
      ['Green;75', 'Tea: Green\nHeat: 75', 1],
      ['"Earl\nGrey";95', 'Tea: Earl\nGrey\nHeat: 95', 2],
      ['Black;', 'Tea: Black', 3],
    ]);
    expect(placeOf(parseCsv(text), text.indexOf('Black'), text.length)).toEqual({ line: 6, row: 3 });
  });

  it.each([
    ['a,b\n1,2', 'a: 1\nb: 2'],
    ['a\tb\n1\t2', 'a: 1\nb: 2'],
    ['a|b\n1|2', 'a: 1\nb: 2'],
    ['"x, y";b\n1;2', 'x, y: 1\nb: 2'],
    ['a,b\n1,2,3', 'a: 1\nb: 2\n3'],
    ['a,\n1,2', 'a: 1\n2'],
  ])('finds what separates cells: %j', (text, indexed) => {
    expect(rows(text)[1]?.[1]).toBe(indexed);
  });

  it('has no headers where the first row holds a number, and no quotes where one never ends', () => {
    expect(rows('1,Ann\n2,Bob')).toEqual([
      ['1,Ann', null, 1],
      ['2,Bob', null, 2],
    ]);
    expect(rows('a,b\n"x,1\ny,2').map(([row]) => row)).toEqual(['a,b', '"x,1', 'y,2']);
    expect(rows('')).toEqual([]);
  });

  it('cuts between rows; the headers are in every indexed text and count for its size', () => {
    const text = `City of the office,Number of people\n${Array.from({ length: 40 }, (_, index) => `Town${index},${index}`).join('\n')}\n`;
    const chunks = chunkDocument(parseCsv(text), { maxTokens: 60 });
    expect(chunks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    expect(chunks.length).toBeGreaterThan(3);
    for (const { start, end, indexedText, titlePath } of chunks) {
      expect(text[end - 1]).toBe('\n');
      expect(titlePath).toEqual(['City of the office, Number of people']);
      for (const [, town] of text.slice(start, end).matchAll(/(Town\d+),/g))
        expect(indexedText).toContain(`City of the office: ${town}\nNumber of people: `);
    }
  });
});
