import { describe, expect, it } from 'vitest';
import { chunkDocument } from '../chunking/chunk-document.ts';
import { parseJson, parseJsonLines } from './parse-json.ts';
import { placeOf } from './places.ts';

describe('parseJson', () => {
  it('becomes an outline with every key and value once, texts unescaped, numbers as they are written', () => {
    const source =
      '{"shop": {"name": "Tee \\u00e4\\n2nd", "open": true, "rates": [1e400, -0.10, null]},\n // note\n "items": [{"id": 7, "tags": []}, "x",],}';
    const { text, warnings } = parseJson(source);
    expect(text).toBe(
      'shop:\n  name: Tee ä\n2nd\n  open: true\n  rates:\n    - 1e400\n    - -0.10\n    - null\nitems:\n  - id: 7\n    tags:\n  - x',
    );
    expect(warnings).toEqual([]);
  });

  it('makes sections of what is large, with the path as titles and as place', () => {
    const long = (word: string) => `${word} `.repeat(150).trim();
    const source = JSON.stringify(
      { docs: { pages: [{ title: 'Green tea', body: long('leaf') }, { body: long('cup') }] }, end: 1 },
      null,
      1,
    );
    const document = parseJson(source);
    const chunks = chunkDocument(document, { maxTokens: 100 });
    const at = (word: string) => {
      const chunk = chunks.find(({ start, end }) => document.text.slice(start, end).includes(word))!;
      return [
        chunk.titlePath.join(' > '),
        placeOf(document, document.text.indexOf(word), document.text.indexOf(word) + 3),
      ];
    };
    expect(at('leaf leaf')).toEqual(['docs > pages > Green tea', { line: 6, column: 'docs.pages[0].body' }]);
    expect(at('cup cup')).toEqual(['docs > pages > [1]', { line: 9, column: 'docs.pages[1].body' }]);
    expect(at('end: 1')[1]).toEqual({ line: 13, column: 'end' });
    expect(document.blocks.at(-1)).toMatchObject({ level: 1, title: '' });
  });

  it.each([
    ['{"a": 1', 'line 1, CloseBraceExpected'],
    ['not json', 'line 1, InvalidSymbol'],
    ['['.repeat(200_000), 'it is nested too deeply'],
  ])('takes what is not JSON as text and says so', (source, problem) => {
    const { text, warnings } = parseJson(source);
    expect(text).toBe(source);
    expect(warnings).toEqual([{ problem: `It is not JSON (${problem}) and is taken as plain text.` }]);
  });
});

describe('parseJsonLines', () => {
  it('has a record for each line, and keeps a line that is not JSON', () => {
    const { text, places, warnings } = parseJsonLines('{"a": "x"}\n\nbroken {\n[1, 2]\n');
    expect(text).toBe('a: x\nbroken {\n- 1\n- 2');
    expect(places.map(({ row, line }) => [row, line])).toEqual([
      [1, 1],
      [2, 3],
      [3, 4],
    ]);
    expect(warnings).toEqual([{ problem: 'Line 3 is not JSON and is taken as it is.' }]);
  });
});
