import type { ParsedDocument, RawDocument } from '../document.ts';
import { canonicalText } from './canonical-text.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { paragraphBlocks } from './parse-plain-text.ts';
import { everyLine } from './places.ts';

/**
 * Markdown, MDX, HTML, and everything else as plain text, without waiting. Throws as `parseDocument` does.
 */
export function parseText(raw: RawDocument): ParsedDocument {
  const text = canonicalText(raw.content, raw.uri);
  const parsed = parseByType(text, raw);
  const title = raw.title?.toWellFormed().trim();
  return title ? { ...parsed, title } : parsed;
}

function parseByType(text: string, { mediaType, uri }: RawDocument): ParsedDocument {
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
