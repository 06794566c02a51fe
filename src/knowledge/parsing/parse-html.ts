import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { DocumentAttributes, ParsedDocument } from '../document.ts';
import { languageTag } from './front-matter.ts';
import { createTextBuilder, type TextBuilder } from './text-builder.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const skipped = new Set(
  'script style nav aside noscript template svg math iframe object head select textarea button dialog'.split(
    ' ',
  ),
);
const blockTags = new Set(
  (
    'address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table tbody td ' +
    'tfoot th thead tr ul'
  ).split(' '),
);

/**
 * The readable text of a page: scripts, styles, navigation, asides and the page's own header and footer are left
 * out; entities are decoded; list items start with `- ` or their number; a table row is a line with ` | ` between
 * its cells; `pre` stays as it is. Offsets of blocks refer to that text. The walk keeps its own stack, so any
 * depth will do.
 */
export function parseHtml(html: string): ParsedDocument {
  const document = parse(html, { sourceCodeLocationInfo: true });
  const builder = createTextBuilder();
  let title: string | null = null;
  const stack: { node: Node; leaving: boolean; inContent: boolean }[] = [];
  const push = (children: readonly Node[], inContent: boolean) => {
    for (let index = children.length - 1; index >= 0; index -= 1)
      stack.push({ node: children[index]!, leaving: false, inContent });
  };
  push(document.childNodes, false);
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { node, leaving, inContent } = step;
    if (node.nodeName === '#text') {
      const { value, sourceCodeLocation } = node as DefaultTreeAdapterTypes.TextNode;
      builder.write(value, sourceCodeLocation?.startLine ?? null);
    }
    if (!('tagName' in node)) continue;
    if (leaving) {
      leave(node, builder);
      continue;
    }
    if (node.tagName === 'head') title ??= headTitle(node);
    if (isSkipped(node, inContent)) continue;
    enter(node, builder);
    stack.push({ node, leaving: true, inContent });
    push(node.childNodes, inContent || node.tagName === 'main' || node.tagName === 'article');
  }
  const { text, blocks, places } = builder.finish();
  const heading = blocks.find(({ kind, level }) => kind === 'heading' && level === 1);
  return {
    text,
    title: title ?? (heading?.title || null),
    blocks,
    places,
    attributes: languageAttribute(document),
    warnings: [],
  };
}

function isSkipped(element: Element, inContent: boolean): boolean {
  const { tagName } = element;
  if (skipped.has(tagName) || element.attrs.some(isHiding)) return true;
  return !inContent && (tagName === 'header' || tagName === 'footer');
}

/** Whether an attribute hides its element from everybody who looks at the page. Style sheets are not read. */
function isHiding({ name, value }: Element['attrs'][number]): boolean {
  if (name === 'hidden') return true;
  const style = name === 'style' ? value.replace(/\s/g, '').toLowerCase() : '';
  return /(?:^|;)(?:display:none|visibility:hidden|font-size:0(?![.\d]))/.test(style);
}

function enter(element: Element, builder: TextBuilder): void {
  const { tagName } = element;
  switch (tagName) {
    case 'br':
      builder.lineBreak();
      break;
    case 'ul':
    case 'menu':
      builder.openList(null);
      break;
    case 'ol':
      builder.openList(listStart(element));
      break;
    case 'li':
      builder.openItem();
      break;
    case 'pre':
      builder.openPre();
      break;
    case 'table':
      builder.openTable();
      break;
    case 'tr':
      builder.openRow();
      break;
    case 'td':
    case 'th':
      builder.openCell();
      break;
    case 'blockquote':
      builder.openQuote();
      break;
    default:
      if (/^h[1-6]$/.test(tagName)) builder.openHeading(Number(tagName[1]));
      else if (blockTags.has(tagName)) builder.breakBlock();
  }
}

function leave(element: Element, builder: TextBuilder): void {
  const { tagName } = element;
  switch (tagName) {
    case 'ul':
    case 'ol':
    case 'menu':
      builder.closeList();
      break;
    case 'li':
      builder.closeItem();
      break;
    case 'pre':
      builder.closePre();
      break;
    case 'table':
      builder.closeTable();
      break;
    case 'td':
    case 'th':
      builder.closeCell();
      break;
    case 'blockquote':
      builder.closeQuote();
      break;
    default:
      if (blockTags.has(tagName)) builder.breakBlock();
  }
}

/** The language that `<html lang>` gives, where it is one. */
function languageAttribute(document: DefaultTreeAdapterTypes.Document): DocumentAttributes {
  const root = document.childNodes.find((node): node is Element => node.nodeName === 'html');
  const language = languageTag(root?.attrs.find(({ name }) => name === 'lang')?.value);
  return language ? { language } : {};
}

function listStart(element: Element): number {
  const start = Number(element.attrs.find(({ name }) => name === 'start')?.value ?? 1);
  return Number.isSafeInteger(start) ? start : 1;
}

function headTitle(head: Element): string | null {
  const found = head.childNodes.find((node) => node.nodeName === 'title') as Element | undefined;
  const words = found?.childNodes.map((node) => ('value' in node ? node.value : '')).join('') ?? '';
  return words.replace(/\s+/g, ' ').trim() || null;
}
