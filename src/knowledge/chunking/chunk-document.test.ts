import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk, ParsedDocument } from '../document.ts';
import { parseText } from '../parsing/parse-text.ts';
import { chunkDocument } from './chunk-document.ts';
import { splitSentences } from './split-sentences.ts';
import { estimateTokens } from './token-counter.ts';

const parse = (content: string, mediaType = 'text/markdown') =>
  parseText({ key: 'k', uri: 'k', content, mediaType });
const words = (count: number, word = 'word') => Array.from({ length: count }, () => word).join(' ');
const slices = (document: ParsedDocument, chunks: readonly Chunk[]) =>
  chunks.map(({ start, end }) => document.text.slice(start, end));

/** Pieces that break careless cutters. */
const hostile = fc.oneof(
  fc.constantFrom(
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '# ',
    '\n## Heading\n\n',
    '\n```ts\n',
    '\n```\n',
    '\n~~~\n',
    '- ',
    '\n  - item\n',
    '\n1. one\n',
    '| a | b |\n| - | - |\n| 1 | 2 |\n',
    '> ',
    '<Tag\n  a={[1, 2]}\n/>\n',
    '<div>',
    '</div>',
    '---\n',
    '\uD800',
    '\uDC00',
    '👩‍👩‍👧‍👦',
    '🇩🇪🇫🇷',
    'e\u0301',
    'a\u0300\u0301\u0302',
    '\u200D',
    '\uFEFF',
    '\u0007',
    '\u2028',
    'שלום עולם. ',
    'مرحبا بالعالم. ',
    '각각',
    '漢字。',
    'क्षि',
    'e.g. this. ',
    'A sentence. Another one! ',
    'identifierWithoutAnyEnd'.repeat(20),
    words(60),
    '👍🏽'.repeat(40),
    'xy \u0301'.repeat(60),
    '\n\n \u0301 a mark on a space. ',
    'Yes. \u0301'.repeat(60),
    '\u0600a '.repeat(60),
    `\n## ${words(5, 'title')}\n\n${words(12)}. Four words stand here.\n\n${words(13)}. Four words end it.\n\n${words(11)}\n`,
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 200 }),
);
const hostileText = fc.array(hostile, { maxLength: 40 }).map((parts) => parts.join(''));
const mediaTypes = fc.constantFrom('text/markdown', 'text/mdx', 'text/html', 'text/plain');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
function boundaries(text: string): Set<number> {
  return new Set([...graphemes.segment(text)].map(({ index }) => index).concat(text.length));
}

describe('chunks of any text', () => {
  it('join up to it, obey limit and share, and cut no character and no code', () => {
    fc.assert(
      fc.property(hostileText, mediaTypes, fc.integer({ min: 16, max: 120 }), (content, type, maxTokens) => {
        const document = parse(content, type);
        const { text } = document;
        const chunks = chunkDocument(document, { maxTokens });
        expect(chunks).toEqual(chunkDocument(document, { maxTokens }));
        expect(slices(document, chunks).join('')).toBe(text.trim() === '' ? '' : text);
        const whole = boundaries(text);
        for (const { start, end, indexedText } of chunks) {
          expect(end).toBeGreaterThan(start);
          expect(whole.has(start) && whole.has(end)).toBe(true);
          const slice = text.slice(start, end);
          const size = estimateTokens(slice);
          if (size > maxTokens) expect([...graphemes.segment(slice)]).toHaveLength(1);
          expect(indexedText).toContain(slice.trim());
          expect(estimateTokens(indexedText)).toBeLessThanOrEqual(Math.floor(size * 1.4 + 1e-9));
        }
        const starts = chunks.map(({ start }) => start);
        for (const { kind, start, end } of document.blocks)
          if (kind === 'code' && estimateTokens(text.slice(start, end)) <= maxTokens)
            expect(starts.filter((at) => at > start && at < end)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('hold sentences that are in order, trimmed and whole', () => {
    fc.assert(
      fc.property(hostileText, mediaTypes, (content, type) => {
        const document = parse(content, type);
        const whole = boundaries(document.text);
        let last = 0;
        for (const chunk of chunkDocument(document, { maxTokens: 40 })) {
          for (const { start, end } of splitSentences(document.text, chunk.start, chunk.end)) {
            expect(start).toBeGreaterThanOrEqual(Math.max(last, chunk.start));
            expect(end).toBeLessThanOrEqual(chunk.end);
            const sentence = document.text.slice(start, end);
            expect(sentence).toBe(sentence.trim());
            expect(whole.has(start) && whole.has(end)).toBe(true);
            last = end;
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('chunkDocument', () => {
  it('keeps a heading with its text and starts a new slice at the next big section', () => {
    const document = parse(`# Top\n\n${words(80)}\n\n## Second\n\n${words(50)}\n`);
    expect(slices(document, chunkDocument(document, { maxTokens: 100 }))).toEqual([
      `# Top\n\n${words(80)}\n\n`,
      `## Second\n\n${words(50)}\n`,
    ]);
  });

  it('names the titles above a slice and indexes those that it does not hold', () => {
    const document = parse(
      `---\ntitle: Guide\n---\n\n# Top\n\n${words(90)}\n\n## *Second* \`part\`\n\n${words(90)}\n`,
    );
    const chunks = chunkDocument(document, { maxTokens: 100 });
    const last = chunks.at(-1)!;
    expect(last.titlePath).toEqual(['Guide', 'Top', 'Second part']);
    expect(last.indexedText).toBe(`Guide > Top\n## *Second* \`part\`\n\n${words(90)}`);
  });

  it('adds the sentences beside a cut inside a section', () => {
    const [first, second, third] = ['one', 'two', 'three'].map((word) => `Here ${words(40, word)}.`);
    const document = parse(`${first}\n\n${second}\n\nShort end.\n\n${third}`);
    // 42 tokens each (Here, 40 words, the period), 3 for the short end.
    const chunks = chunkDocument(document, { maxTokens: 50 });
    expect(slices(document, chunks)).toEqual([`${first}\n\n`, `${second}\n\nShort end.\n\n`, third]);
    expect(chunks[2]!.indexedText).toBe(`Short end.\n${third}`);
  });

  it('packs short sections below one heading together', () => {
    const document = parse('# Top\n\n## A\n\nOne.\n\n## B\n\nTwo.\n\n## C\n\nThree.\n');
    const chunks = chunkDocument(document);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]!.titlePath).toEqual(['Top']);
  });

  it('never cuts fenced code within the limit, and cuts longer code between lines', () => {
    const code = (lines: number) => `\`\`\`ts\n${'call(a);\n'.repeat(lines)}\`\`\`\n`;
    const short = parse(`${words(60)}\n\n${code(10)}`);
    expect(slices(short, chunkDocument(short, { maxTokens: 70 }))).toEqual([`${words(60)}\n\n`, code(10)]);
    const long = parse(code(40));
    for (const slice of slices(long, chunkDocument(long, { maxTokens: 70 }))) expect(slice).toMatch(/\n$/);
  });

  it('cuts tables between rows', () => {
    const row = '| some cell | other cell |\n';
    const document = parse(`| a | b |\n| - | - |\n${row.repeat(40)}`);
    const chunks = chunkDocument(document, { maxTokens: 60 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const slice of slices(document, chunks)) expect(slice).toMatch(/^\|(?:.|\n)*\|\n$/);
  });

  it('takes very long lines and very deep nesting', () => {
    const inputs: [string, string][] = [
      ['a'.repeat(300_000), 'text/plain'],
      ['👩‍👩‍👧‍👦'.repeat(20_000), 'text/plain'],
      ['a\u0301'.repeat(100_000), 'text/markdown'],
      ['No end '.repeat(20_000), 'text/markdown'],
      ['- '.repeat(10_000), 'text/markdown'],
      ['> '.repeat(10_000), 'text/markdown'],
      [Array.from({ length: 1000 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'), 'text/markdown'],
      [`${'['.repeat(20_000)}x${']'.repeat(20_000)}`, 'text/markdown'],
      [`${'<ul><li>x'.repeat(10_000)}`, 'text/html'],
      [`${'<div>'.repeat(100_000)}x`, 'text/html'],
    ];
    for (const [content, type] of inputs) {
      const document = parse(content, type);
      expect(slices(document, chunkDocument(document)).join('')).toBe(document.text);
    }
  }, 60_000);

  it('has no chunk for nothing', () => {
    expect(chunkDocument(parse(''))).toEqual([]);
    expect(chunkDocument(parse(' \n\n \t'))).toEqual([]);
  });
});

describe('estimateTokens', () => {
  it('counts pieces of words, digits and signs', () => {
    // 7 letters: 1; 8: 2; 12 letters: 1 + ceil(5 / 4) = 3; digits apart from letters; white space nothing.
    expect(
      ['letters', 'letter12', 'abcdefgh', 'abcdefghijkl', ' \n', 'a.b', '漢字', '👍'].map(estimateTokens),
    ).toEqual([1, 2, 2, 3, 0, 3, 2, 1]);
  });
});

const docs = join(import.meta.dirname, '../../../node_modules/ai/docs');

describe.skipIf(!existsSync(docs))('the documentation of ai', () => {
  it('is cut without loss', () => {
    const files = globSync('**/*.mdx', { cwd: docs }).sort();
    const started = performance.now();
    let chunks = 0;
    let tokens = 0;
    let indexed = 0;
    for (const file of files) {
      const document = parse(readFileSync(join(docs, file), 'utf8'), 'text/mdx');
      const found = chunkDocument(document);
      expect(slices(document, found).join('')).toBe(document.text);
      expect(document.title, file).not.toBeNull();
      chunks += found.length;
      tokens += estimateTokens(document.text);
      for (const { indexedText } of found) indexed += estimateTokens(indexedText);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.info(
      `${files.length} pages, ${chunks} chunks, ${tokens} tokens, ${indexed} indexed, ${seconds} s`,
    );
    expect(files.length).toBeGreaterThan(0);
  });
});
