import { FulcrumError } from '../../core/index.ts';
import type { ParsedDocument, RawDocument } from '../document.ts';
import { canonicalText } from './canonical-text.ts';
import { docxType, isTextType } from './media-type.ts';

/**
 * The canonical text of a document, its blocks and where they stand in the source. The title is the source's, else the
 * one found in the document (front matter, `<title>`, properties, first heading of level 1), else null. Parsers are
 * loaded with the first document of their format. Throws `file-not-text` for bytes that are not text,
 * `document-damaged` or `document-encrypted` for a PDF or a Word document that cannot be opened, and
 * `access-list-invalid` for front matter whose `readers` cannot be understood. Time and memory are not limited here:
 * `createDocumentPipeline` does that.
 */
export async function parseDocument(raw: RawDocument): Promise<ParsedDocument> {
  const parsed = await parseByType(raw);
  const title = raw.title?.toWellFormed().trim();
  return title ? { ...parsed, title } : parsed;
}

async function parseByType(raw: RawDocument): Promise<ParsedDocument> {
  const { content, mediaType, uri } = raw;
  if (!isTextType(mediaType)) return parseBinary(raw);
  switch (mediaType) {
    case 'text/csv':
    case 'text/tab-separated-values': {
      const { parseCsv } = await import('./parse-csv.ts');
      return parseCsv(canonicalText(content, uri), mediaType === 'text/csv' ? {} : { delimiter: '\t' });
    }
    case 'application/json': {
      const { parseJson } = await import('./parse-json.ts');
      return parseJson(canonicalText(content, uri));
    }
    case 'application/jsonl': {
      const { parseJsonLines } = await import('./parse-json.ts');
      return parseJsonLines(canonicalText(content, uri));
    }
    case 'text/x-source': {
      const { parseCodeByLines } = await import('./parse-code.ts');
      return parseCodeByLines(canonicalText(content, uri), uri);
    }
  }
  const { hasGrammar, parseCode } = await import('./parse-code.ts');
  if (hasGrammar(mediaType)) return parseCode(canonicalText(content, uri), mediaType, uri);
  const { parseText } = await import('./parse-text.ts');
  return parseText(raw);
}

async function parseBinary({ content, mediaType, uri }: RawDocument): Promise<ParsedDocument> {
  if (typeof content === 'string')
    throw new FulcrumError('document-damaged', {
      path: uri,
      problem: 'the source gives text, not its bytes.',
    });
  if (mediaType === docxType) {
    const { parseDocx } = await import('./parse-docx.ts');
    return parseDocx(content, uri);
  }
  const { parsePdf } = await import('./pdf/parse-pdf.ts');
  return parsePdf(content, uri);
}
