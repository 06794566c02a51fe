import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { ParsedDocument } from '../document.ts';
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
  const document = parse(html);
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
    if (node.nodeName === '#text') builder.write((node as DefaultTreeAdapterTypes.TextNode).value);
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
  const { text, blocks } = builder.finish();
  const heading = blocks.find(({ kind, level }) => kind === 'heading' && level === 1);
  return { text, title: title ?? (heading?.title || null), blocks };
}

function isSkipped(element: Element, inContent: boolean): boolean {
  const { tagName } = element;
  if (skipped.has(tagName) || element.attrs.some(({ name }) => name === 'hidden')) return true;
  return !inContent && (tagName === 'header' || tagName === 'footer');
}

function enter(element: Element, builder: TextBuilder): void {
  const { tagName } = element;
  switch (tagName) {
    case 'br':
      return builder.lineBreak();
    case 'ul':
    case 'menu':
      return builder.openList(null);
    case 'ol':
      return builder.openList(listStart(element));
    case 'li':
      return builder.openItem();
    case 'pre':
      return builder.openPre();
    case 'table':
      return builder.openTable();
    case 'tr':
      return builder.openRow();
    case 'td':
    case 'th':
      return builder.openCell();
    case 'blockquote':
      return builder.openQuote();
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
      return builder.closeList();
    case 'li':
      return builder.closeItem();
    case 'pre':
      return builder.closePre();
    case 'table':
      return builder.closeTable();
    case 'td':
    case 'th':
      return builder.closeCell();
    case 'blockquote':
      return builder.closeQuote();
    default:
      if (blockTags.has(tagName)) builder.breakBlock();
  }
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
