import { FulcrumError } from '../../../core/index.ts';
import type { Block, DocumentAttributes, DocumentWarning, ParsedDocument, Place } from '../../document.ts';
import { canonicalText } from '../canonical-text.ts';
import { languageTag } from '../front-matter.ts';
import { joinLines, vocabularyOf } from './join-lines.ts';
import { linesOf, type Paragraph, paragraphsOf } from './page-paragraphs.ts';
import { pageSegments, type TextItem } from './page-segments.ts';
import { readingOrder } from './reading-order.ts';

interface Page {
  readonly number: number;
  readonly paragraphs: readonly Paragraph[];
}

/** Longest heading, in UTF-16 units and lines. */
const longestHeading = 200;

/**
 * The text of a PDF with its pages: columns in reading order, paragraphs with their lines joined, text that is larger
 * than most as headings. A page without text is a warning. Throws `document-encrypted` for a file that needs a
 * password and `document-damaged` for one in which no page can be read.
 */
export async function parsePdf(bytes: Uint8Array, uri: string): Promise<ParsedDocument> {
  const { getDocumentProxy } = await import('unpdf');
  const missingMaps = new Set<string>();
  const document = await openDocument(getDocumentProxy, bytes, uri, missingMaps);
  try {
    const { pages, warnings } = await readPages(document, uri);
    const body = layOut(pages);
    const about = await document.getMetadata().catch(() => null);
    const info = (about?.info ?? {}) as Record<string, unknown>;
    const heading = body.blocks.find(({ level }) => level === 1)?.title;
    for (const name of missingMaps)
      warnings.push({
        problem: `Text that needs the character map ${name}, which is not in the file, is missing.`,
      });
    return {
      ...body,
      title: titleOf(info) ?? heading ?? null,
      attributes: attributesOf(info),
      warnings,
    };
  } finally {
    await document.loadingTask.destroy().catch(() => undefined);
  }
}

type Unpdf = typeof import('unpdf');
type PdfDocument = Awaited<ReturnType<Unpdf['getDocumentProxy']>>;

async function openDocument(
  open: Unpdf['getDocumentProxy'],
  bytes: Uint8Array,
  uri: string,
  missingMaps: Set<string>,
): Promise<PdfDocument> {
  /** Nothing is fetched: character maps that are not in the file are reported, fonts are only for drawing. */
  class NoFiles {
    fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
      if (kind === 'cMapUrl') missingMaps.add(filename.replace(/\.bcmap$/, ''));
      return Promise.reject(new Error(`${filename} is not in the file`));
    }
  }
  try {
    return await open(new Uint8Array(bytes), {
      verbosity: 0,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      BinaryDataFactory: NoFiles,
    });
  } catch (cause) {
    const { name, message } = cause as Error;
    if (name === 'PasswordException') throw new FulcrumError('document-encrypted', { path: uri }, { cause });
    throw new FulcrumError('document-damaged', { path: uri, problem: problemOf(message) }, { cause });
  }
}

async function readPages(document: PdfDocument, uri: string) {
  const pages: Page[] = [];
  const warnings: DocumentWarning[] = [];
  const empty: number[] = [];
  let failed: unknown = null;
  for (let number = 1; number <= document.numPages; number += 1) {
    try {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const segments = pageSegments(items.filter((item): item is typeof item & TextItem => 'str' in item));
      const paragraphs = readingOrder(segments).flatMap((stretch) => paragraphsOf(linesOf(stretch)));
      if (paragraphs.length === 0) empty.push(number);
      pages.push({ number, paragraphs });
      page.cleanup();
    } catch (cause) {
      failed = cause;
      warnings.push({
        page: number,
        problem: `Page ${number} cannot be read: ${problemOf((cause as Error).message)}`,
      });
    }
  }
  if (failed && pages.length === 0)
    throw new FulcrumError(
      'document-damaged',
      { path: uri, problem: problemOf((failed as Error).message) },
      { cause: failed },
    );
  return { pages, warnings: [...warnings, ...withoutText(empty)] };
}

/** One warning for each run of pages. */
function withoutText(pages: readonly number[]): DocumentWarning[] {
  const runs: { first: number; last: number }[] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run && run.last === page - 1) run.last = page;
    else runs.push({ first: page, last: page });
  }
  const why = 'no text: scanned, a picture or empty. Run OCR on the file to have its words.';
  return runs.map(({ first, last }) => ({
    page: first,
    problem: first === last ? `Page ${first} has ${why}` : `Pages ${first} to ${last} have ${why}`,
  }));
}

function layOut(pages: readonly Page[]): Pick<ParsedDocument, 'text' | 'blocks' | 'places'> {
  const all = pages.flatMap(({ paragraphs }) => paragraphs);
  const vocabulary = vocabularyOf(all.flatMap(({ lines }) => lines));
  const levels = headingLevels(all);
  const parts: string[] = [];
  const blocks: Block[] = [];
  const places: Place[] = [];
  let length = 0;
  for (const { number, paragraphs } of pages)
    for (const paragraph of paragraphs) {
      const words = canonicalText(joinLines(paragraph, vocabulary), '').trim();
      if (words === '') continue;
      const gap = length === 0 ? '' : '\n\n';
      const start = length + gap.length;
      parts.push(gap, words);
      length = start + words.length;
      const level = words.length <= longestHeading ? levels.get(sizeOf(paragraph)) : undefined;
      blocks.push(
        level !== undefined && paragraph.lines.length <= 3
          ? { kind: 'heading', start, end: length, level, title: words.replace(/\s+/g, ' ') }
          : { kind: paragraph.kind, start, end: length },
      );
      places.push({ start, end: length, page: number });
    }
  return { text: parts.join(''), blocks, places };
}

/** Half points, so that sizes that look alike are alike. */
function sizeOf({ size }: Paragraph): number {
  return Math.round(size * 2) / 2;
}

/** Levels of the sizes that are larger than that of most of the text. */
function headingLevels(paragraphs: readonly Paragraph[]): ReadonlyMap<number, number> {
  const characters = new Map<number, number>();
  for (const paragraph of paragraphs) {
    const length = paragraph.lines.reduce((sum, { cells }) => sum + cells.join(' ').length, 0);
    characters.set(sizeOf(paragraph), (characters.get(sizeOf(paragraph)) ?? 0) + length);
  }
  const usual = [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  const larger = [...characters.keys()].filter((size) => size >= 1.15 * usual).sort((a, b) => b - a);
  return new Map(larger.map((size, index) => [size, Math.min(index + 1, 6)]));
}

/** The title that the file says it has, unless it is the name of a file or a default. */
function titleOf(info: Record<string, unknown>): string | null {
  const title = typeof info.Title === 'string' ? info.Title.replace(/\s+/g, ' ').trim().toWellFormed() : '';
  const isName = /\.(?:docx?|pdf|indd|tex|pptx?|odt|rtf|dvi)$/i.test(title);
  return title === '' || isName || /^(?:untitled|microsoft word\b.*)$/i.test(title) ? null : title;
}

function attributesOf(info: Record<string, unknown>): DocumentAttributes {
  const language = languageTag(info.Language);
  const date = dateOf(info.ModDate) ?? dateOf(info.CreationDate);
  return { ...(language ? { language } : {}), ...(date ? { date } : {}) };
}

/** `D:20260301120000+01'00'` as the day it names. */
function dateOf(value: unknown): string | null {
  const [, year, month, day] = (typeof value === 'string' && /^D:(\d{4})(\d{2})(\d{2})/.exec(value)) || [];
  const date = `${year}-${month}-${day}`;
  return year && !Number.isNaN(Date.parse(date)) ? date : null;
}

function problemOf(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().slice(0, 200);
  return line === '' ? 'it is not a PDF' : line.endsWith('.') ? line : `${line}.`;
}
