import { describe, expect, it } from 'vitest';
import { parseText } from './parse-text.ts';
import { everyLine, placeOf } from './places.ts';

const parse = (content: string, mediaType: string) =>
  parseText({ key: 'k', uri: 'guide.md', content, mediaType });

describe('placeOf', () => {
  it('counts lines of a text that is as it is in its source', () => {
    const text = 'one\ntwo\n\nfour\n';
    const document = { text, places: everyLine(text) };
    expect(placeOf(document, 0, 3)).toEqual({ line: 1 });
    expect(placeOf(document, 3, 8)).toEqual({ line: 2 });
    expect(placeOf(document, 4, 14)).toEqual({ line: 2, lastLine: 4 });
    expect(placeOf(document, 9, 9)).toEqual({ line: 4 });
    expect(placeOf({ text: '', places: everyLine('') }, 0, 0)).toEqual({});
  });

  it('finds pages, rows and columns, and says nothing of a gap', () => {
    const text = 'abc def ghi';
    const places = [
      { start: 0, end: 3, page: 1, row: 1, column: 'name' },
      { start: 8, end: 11, page: 2, row: 1, column: 'name' },
    ];
    expect(placeOf({ text, places }, 0, 3)).toEqual({ page: 1, row: 1, column: 'name' });
    expect(placeOf({ text, places }, 1, 11)).toEqual({ page: 1, lastPage: 2, row: 1, column: 'name' });
    expect(placeOf({ text, places }, 4, 7)).toEqual({});
    expect(placeOf({ text, places }, 4, 9)).toEqual({ page: 2, row: 1, column: 'name' });
  });

  it('names the line of the page where a block of HTML starts', () => {
    const html = '<title>T</title>\n<h1>Big</h1>\n\n<p>\n  first\n  words</p><p>more</p>';
    const document = parse(html, 'text/html');
    const at = (words: string) => {
      const start = document.text.indexOf(words);
      return placeOf(document, start, start + words.length);
    };
    expect(at('Big')).toEqual({ line: 2 });
    expect(at('words')).toEqual({ line: 5 });
    expect(at('more')).toEqual({ line: 6 });
  });
});

describe('front matter', () => {
  it('gives language, date, readers and metadata', () => {
    const yaml =
      'title: T\nlang: de_de\ndate: 2026-03-01\nreaders: [group:hr, user:ann]\nyear: 2026\ntags: [a, b]\n' +
      `author:\n  name: Ann\nabstract: ${'x'.repeat(201)}\nmixed: [a, {b: c}]\nempty:\n`;
    const { title, attributes } = parse(`---\n${yaml}---\n# H`, 'text/markdown');
    expect(title).toBe('T');
    expect(attributes).toEqual({
      language: 'de-DE',
      date: '2026-03-01',
      readers: ['group:hr', 'user:ann'],
      metadata: { year: '2026', tags: ['a', 'b'], 'author.name': 'Ann' },
    });
  });

  it('keeps what is not a date or a language as metadata', () => {
    const { attributes } = parse('---\ndate: last spring\nlanguage: "?"\n---\n', 'text/markdown');
    expect(attributes).toEqual({ metadata: { date: 'last spring', language: '?' } });
  });

  it.each([
    ['readers: everybody', '"everybody" is none of "everyone", "user:NAME" and "group:NAME"'],
    ['readers: ""', 'it is empty'],
    ['readers:', 'it is no list of readers'],
    ['readers: [user:ann, 3]', '3 is none of'],
    ['readers: [user:ann', 'is not YAML'],
  ])('never guesses who may read: %s', (yaml, problem) => {
    expect(() => parse(`---\n${yaml}\n---\nText`, 'text/markdown')).toThrow(
      `Who may read guide.md cannot be told from "readers": `,
    );
    expect(() => parse(`---\n${yaml}\n---\nText`, 'text/markdown')).toThrow(problem);
  });
});
