import type { Chunk, ParsedDocument } from '../../src/knowledge/index.ts';
import { placeOf } from '../../src/knowledge/index.ts';
import { canonicalText } from '../../src/knowledge/parsing/canonical-text.ts';
import type { FuzzInput } from './text-inputs.ts';

/** Formats that keep their source as it is. */
const verbatim = new Set([
  'text/markdown',
  'text/mdx',
  'text/plain',
  'text/csv',
  'text/tab-separated-values',
  'text/typescript',
  'text/tsx',
  'text/javascript',
  'text/x-python',
  'text/x-go',
  'text/x-java',
  'text/x-source',
]);

/** Throws an error that says which invariant a parsed and cut document breaks. */
export function checkDocument(input: FuzzInput, document: ParsedDocument, chunks: readonly Chunk[]): void {
  const { text, blocks, places } = document;
  demand(text === canonicalText(text, ''), 'the text is not canonical');
  checkSpans(blocks, text, 'block');
  checkSpans(places, text, 'place');
  if (verbatim.has(input.mediaType))
    demand(text === canonicalText(input.content, ''), 'the text is not that of the source');
  if (input.words) checkWords(input.words, text);
  checkChunks(text, chunks);
  for (const { start, end } of chunks) placeOf(document, start, end);
}

function checkSpans(spans: readonly { start: number; end: number }[], text: string, name: string): void {
  let last = 0;
  for (const { start, end } of spans) {
    demand(
      start >= last && end > start && end <= text.length,
      `a ${name} is out of order: ${start}-${end} after ${last}`,
    );
    last = end;
  }
}

/** Slices join up to the text and cut no user-perceived character. */
function checkChunks(text: string, chunks: readonly Chunk[]): void {
  if (text.trim() === '') {
    demand(chunks.length === 0, 'white space has chunks');
    return;
  }
  let at = 0;
  chunks.forEach(({ ordinal, start, end, indexedText }, index) => {
    demand(
      ordinal === index && start === at && end > start,
      `chunk ${index} does not begin where the last one ended`,
    );
    demand(indexedText.trim() !== '' && indexedText.isWellFormed(), `chunk ${index} has no indexed text`);
    at = end;
  });
  demand(at === text.length, `the chunks end at ${at} of ${text.length}`);
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { end } of chunks.slice(0, -1)) {
    // A character never reaches over a line, and the segmenter is slow on long texts.
    const from = text.lastIndexOf('\n', end - 1) + 1;
    const near = Math.max(from, end - 200);
    const segments = segmenter.segment(text.slice(near, end + 100));
    const segment = segments.containing(end - near);
    demand(!segment || segment.index === end - near, `a character is cut at ${end}`);
  }
}

/** Numbers of list items are marks, as dashes are. */
function wordsOf(text: string): string[] {
  return text.replace(/^ *\d+\. /gm, '').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

function checkWords(expected: readonly string[], text: string): void {
  const counts = new Map<string, number>();
  for (const word of wordsOf(expected.join(' '))) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) - 1);
  for (const [word, count] of counts)
    demand(
      count === 0,
      count > 0 ? `the word "${word}" is lost` : `the word "${word}" is there ${-count} times too often`,
    );
}

function demand(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}
