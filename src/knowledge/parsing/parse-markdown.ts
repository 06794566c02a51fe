import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmTable } from 'micromark-extension-gfm-table';
import type { Block, BlockKind, ParsedDocument } from '../document.ts';
import { readFrontMatter } from './front-matter.ts';
import { jsxRegions } from './jsx-regions.ts';
import { paragraphBlocks } from './parse-plain-text.ts';
import { everyLine } from './places.ts';

/**
 * Nesting that no person writes; beyond it the parser's time doubles with each further mark on a line, so blank lines
 * decide. Marks alone on their line are a thematic break.
 */
const deepestNesting = 12;
const nestedMarkers = new RegExp(
  `^(?:[ \\t]*(?:[>*+-]|\\d{1,9}[.)])[ \\t]?){${deepestNesting}}(?=.*[^ \\t*_\\n-])`,
  'm',
);
const deepIndent = /^[ \t]{400}[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]/m;

/**
 * Blocks of Markdown with tables and front matter; the text stays as it is. With `mdx`, tags over several lines
 * become `html` blocks and indented text is never code. Any text parses: what the parser cannot take is cut into
 * paragraphs.
 */
export function parseMarkdown(
  text: string,
  options: { readonly mdx?: boolean; readonly uri?: string } = {},
): ParsedDocument {
  const places = everyLine(text);
  const regions = options.mdx ? jsxRegions(text) : [];
  let source = text;
  for (const { start, end } of regions)
    source = source.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + source.slice(end);
  const tree = parseTree(source, options.mdx ?? false);
  if (!tree)
    return { text, title: null, blocks: paragraphBlocks(text), places, attributes: {}, warnings: [] };
  const found = [
    ...collectBlocks(tree, text),
    ...regions.map(({ start, end }): Block => ({ kind: 'html', start, end })),
  ].sort((a, b) => a.start - b.start);
  const blocks = withoutOverlaps(found);
  const front = blocks[0]?.kind === 'front-matter' ? blocks[0] : null;
  const said = front ? readFrontMatter(text.slice(front.start, front.end), options.uri ?? 'the text') : null;
  const heading = blocks.find(({ kind, level }) => kind === 'heading' && level === 1);
  const title = said?.title ?? (heading?.title || null);
  return { text, title, blocks, places, attributes: said?.attributes ?? {}, warnings: [] };
}

/** Only blocks are needed, and leaving out what stands inside lines halves the time. */
const inlineConstructs = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
];

function parseTree(source: string, mdx: boolean): Root | null {
  if (nestedMarkers.test(source) || deepIndent.test(source)) return null;
  const disabled = mdx ? [...inlineConstructs, 'codeIndented'] : inlineConstructs;
  try {
    return fromMarkdown(source, {
      extensions: [frontmatter(), gfmTable(), { disable: { null: disabled } }],
      mdastExtensions: [frontmatterFromMarkdown(), gfmTableFromMarkdown()],
    });
  } catch {
    // Deeper than the stack: Markdown has no wrong text, so this is the only way to get here.
    return null;
  }
}

const kinds: Readonly<Partial<Record<Nodes['type'], BlockKind>>> = {
  paragraph: 'paragraph',
  heading: 'heading',
  code: 'code',
  html: 'html',
  table: 'table',
  yaml: 'front-matter',
  thematicBreak: 'paragraph',
  definition: 'paragraph',
};

interface Visit {
  readonly node: Nodes;
  /** Kind that paragraphs take from what holds them. */
  readonly paragraph: BlockKind;
  /** Start of the list item whose first child this is. */
  readonly itemStart: number | null;
}

function collectBlocks(tree: Root, text: string): Block[] {
  const blocks: Block[] = [];
  const visits: Visit[] = [{ node: tree, paragraph: 'paragraph', itemStart: null }];
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const { node, paragraph, itemStart } = visit;
    const start = node.position?.start.offset ?? 0;
    const end = node.position?.end.offset ?? 0;
    const kind = kinds[node.type];
    if (kind) {
      const from = lineStart(text, itemStart ?? start);
      if (kind === 'heading') blocks.push(headingBlock(node, from, end));
      else blocks.push({ kind: kind === 'paragraph' ? paragraph : kind, start: from, end });
      continue;
    }
    if (!('children' in node)) continue;
    const isItem = node.type === 'listItem';
    if (isItem && node.children.length === 0) {
      blocks.push({ kind: 'list-item', start: lineStart(text, itemStart ?? start), end });
      continue;
    }
    const inner = isItem ? 'list-item' : node.type === 'blockquote' ? 'quote' : paragraph;
    for (let index = node.children.length - 1; index >= 0; index -= 1)
      visits.push({
        node: node.children[index]!,
        paragraph: inner,
        itemStart: index === 0 ? (itemStart ?? (isItem ? start : null)) : null,
      });
  }
  return blocks;
}

function headingBlock(node: Nodes, start: number, end: number): Block {
  const level = node.type === 'heading' ? node.depth : 1;
  return { kind: 'heading', start, end, level, title: plainWords(rawWords(node)) };
}

const markup = /[\\`*_[\]<>&!]/;

/** Words of one line of Markdown without markup. */
function plainWords(line: string): string {
  if (!markup.test(line)) return line.replace(/\s+/g, ' ').trim();
  try {
    // The heading mark keeps the line from being read as any other block.
    return rawWords(fromMarkdown(`# ${line.replaceAll('\n', ' ')}`)) || line.trim();
  } catch {
    return line.trim();
  }
}

/** What the leaves of a node say. */
function rawWords(root: Nodes): string {
  let words = '';
  const stack: Nodes[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'html') continue;
    if ('value' in node) words += node.value;
    else if ('alt' in node) words += node.alt ?? '';
    else if (node.type === 'break') words += ' ';
    if ('children' in node) stack.push(...[...node.children].reverse());
  }
  return words.replace(/\s+/g, ' ').trim();
}

/** Takes the indentation and quote marks before a block into it, where nothing else stands before it on its line. */
function lineStart(text: string, start: number): number {
  let at = start;
  while (at > 0 && ' \t>'.includes(text[at - 1]!)) at -= 1;
  return at === 0 || text[at - 1] === '\n' ? at : start;
}

function withoutOverlaps(blocks: readonly Block[]): Block[] {
  const kept: Block[] = [];
  let last = 0;
  for (const block of blocks) {
    const start = Math.max(block.start, last);
    if (start >= block.end) continue;
    kept.push(start === block.start ? block : { ...block, start });
    last = block.end;
  }
  return kept;
}
