import type { ParsedDocument, RawDocument } from '../document.ts';
import { canonicalText } from './canonical-text.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { paragraphBlocks } from './parse-plain-text.ts';
import { everyLine } from './places.ts';

/**
 * The canonical text of a document and its blocks. The title is the source's, else the one found in the document
 * (front matter, `<title>`, first heading of level 1), else null. Throws `file-not-text` for bytes that are not
 * UTF-8 and `document-invalid` for front matter whose `readers` cannot be understood.
 */
export function parseDocument(raw: RawDocument): ParsedDocument {
  const text = canonicalText(raw.content, raw.uri);
  const parsed = parseText(text, raw);
  const title = raw.title?.toWellFormed().trim();
  return title ? { ...parsed, title } : parsed;
}

function parseText(text: string, { mediaType, uri }: RawDocument): ParsedDocument {
  switch (mediaType) {
    case 'text/markdown':
      return parseMarkdown(text, { uri });
    case 'text/mdx':
      return parseMarkdown(text, { mdx: true, uri });
    case 'text/html':
      return parseHtml(text);
    default:
      return {
        text,
        title: null,
        blocks: paragraphBlocks(text),
        places: everyLine(text),
        attributes: {},
        warnings: [],
      };
  }
}
