import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Block, ParsedDocument, Place } from '../document.ts';
import { canonicalText } from './canonical-text.ts';
import { paragraphBlocks } from './parse-plain-text.ts';
import { everyLine } from './places.ts';

/** Values whose source is at most this long stay one block, in UTF-16 units. */
const smallValue = 600;
/** Longer texts are prose, a block of their own. */
const longText = 200;
const longestTitle = 80;

/**
 * JSON as an outline, one line for each member: `key: value`, members of a member indented, items of a list after
 * `- `. Keys and values are all there once, in the order of the source, texts unescaped and numbers as they are
 * written; only the marks of JSON are gone. A large object or list becomes a section under its key, with the path as
 * titles. Comments and commas at the end of a list are allowed; a text that is not JSON is taken as it is, with a
 * warning.
 */
export function parseJson(text: string): ParsedDocument {
  const { root, problem } = readTree(text, 0, text.length);
  if (!root) return asText(text, problem ?? 'it is empty');
  const outline = createOutline(text);
  try {
    outline.add(root, [], null);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return asText(text, 'it is nested too deeply');
  }
  return outline.finish([]);
}

/** JSON Lines: each line a record with its number as place. A line that is not JSON is taken as it is, with a warning. */
export function parseJsonLines(text: string): ParsedDocument {
  const outline = createOutline(text);
  const problems: string[] = [];
  let row = 0;
  let line = 1;
  for (let start = 0; start < text.length; line += 1) {
    const feed = text.indexOf('\n', start);
    const stop = feed < 0 ? text.length : feed;
    if (text.slice(start, stop).trim() !== '') {
      row += 1;
      const mark = outline.mark();
      const { root, problem } = readTree(text, start, stop);
      try {
        if (!root) throw new RangeError(problem ?? 'it is empty');
        outline.add(root, [], row);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        outline.reset(mark);
        outline.addText(text.slice(start, stop), start, row);
        if (problems.length < 20) problems.push(`Line ${line} is not JSON and is taken as it is.`);
      }
    }
    start = stop + 1;
  }
  return outline.finish(problems);
}

function asText(text: string, problem: string): ParsedDocument {
  return {
    text,
    title: null,
    blocks: paragraphBlocks(text).map((block): Block => ({ ...block, kind: 'code' })),
    places: everyLine(text),
    attributes: {},
    warnings:
      text.trim() === '' ? [] : [{ problem: `It is not JSON (${problem}) and is taken as plain text.` }],
  };
}

function readTree(text: string, start: number, end: number): { root: Node | null; problem: string | null } {
  const errors: ParseError[] = [];
  try {
    // Blanks keep the offsets those of the whole text.
    const part = start === 0 && end === text.length ? text : text.slice(start, end);
    const root = parseTree(part, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (root && !error) return { root: start === 0 ? root : shifted(root, start), problem: null };
    const at = start + (error?.offset ?? 0);
    const line = text.slice(0, at).split('\n').length;
    return { root: null, problem: error ? `line ${line}, ${printParseErrorCode(error.error)}` : null };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return { root: null, problem: 'it is nested too deeply' };
  }
}

function shifted(node: Node, by: number): Node {
  const children = node.children?.map((child) => shifted(child, by));
  return { ...node, offset: node.offset + by, ...(children ? { children } : {}) };
}

type Path = readonly (string | number)[];

interface Member {
  readonly key: string | number;
  readonly value: Node;
}

/** Grows the outline and its blocks value by value. */
function createOutline(source: string) {
  const parts: string[] = [];
  const blocks: Block[] = [];
  const places: Place[] = [];
  const lines = createLineCounter(source);
  let length = 0;
  /** Level of the innermost section that is open. */
  let section = 0;

  const block = (words: string, node: Node, path: Path, row: number | null, extra: Partial<Block>) => {
    const body = words.trimEnd();
    if (body.trim() === '') return;
    const gap = length === 0 ? '' : '\n';
    const start = length + gap.length;
    parts.push(gap, body);
    length = start + body.length;
    const level = Math.max(1, path.length);
    // What stands beside a section and not in it ends it.
    const ends = extra.kind !== 'heading' && section >= level ? { level, title: '' } : {};
    if (extra.level !== undefined || ends.level !== undefined) section = extra.level ?? level - 1;
    blocks.push({ kind: 'code', ...ends, ...extra, start, end: length });
    const column = path.length === 0 ? {} : { column: pathName(path) };
    places.push({ start, end: length, line: lines.at(node.offset), ...(row ? { row } : {}), ...column });
  };

  const add = (value: Node, path: Path, row: number | null): void => {
    const depth = path.length;
    const label = depth === 0 ? '' : labelOf(path.at(-1)!, depth);
    const children = membersOf(value);
    if (children === null || children.length === 0 || value.length <= smallValue) {
      const words = rendered(value, depth).join('\n');
      const isProse = children === null && words.length > longText;
      block(`${label}${joined(label, words)}`, value, path, row, isProse ? { kind: 'paragraph' } : {});
      return;
    }
    if (depth > 0) {
      const title = sectionTitle(value, path.at(-1)!);
      block(label, value, path, row, { kind: 'heading', level: depth, title });
    }
    for (const child of children) add(child.value, [...path, child.key], row);
  };

  return {
    add,
    addText(words: string, offset: number, row: number): void {
      block(words, { type: 'string', offset, length: words.length }, [], row, {});
    },
    mark: () => ({ parts: parts.length, blocks: blocks.length, places: places.length, length, section }),
    reset(mark: { parts: number; blocks: number; places: number; length: number; section: number }): void {
      parts.length = mark.parts;
      blocks.length = mark.blocks;
      places.length = mark.places;
      length = mark.length;
      section = mark.section;
    },
    finish(problems: readonly string[]): ParsedDocument {
      const text = parts.join('');
      return {
        text,
        title: null,
        blocks,
        places,
        attributes: {},
        warnings: problems.map((problem) => ({ problem })),
      };
    },
  };

  /** Lines of a value without its own label; those after the first are indented below it. */
  function rendered(value: Node, depth: number): string[] {
    const children = membersOf(value);
    if (children === null) return [scalarText(value, source)];
    const rows: string[] = [];
    for (const { key, value: child } of children) {
      const label = labelOf(key, depth + 1);
      const [first = '', ...rest] = rendered(child, depth + 1);
      const inner = membersOf(child);
      if (inner === null) rows.push(`${label}${joined(label, first)}`, ...rest);
      else if (typeof key === 'number') rows.push(`${label}${joined(label, first.trimStart())}`, ...rest);
      else rows.push(label, ...(inner.length > 0 ? [first, ...rest] : []));
    }
    return rows;
  }
}

function joined(label: string, words: string): string {
  if (label === '' || words === '') return words;
  return label.endsWith(':') ? (words.startsWith('  ') ? `\n${words}` : ` ${words}`) : words.trimStart();
}

function membersOf(node: Node): Member[] | null {
  if (node.type === 'array') return (node.children ?? []).map((value, key) => ({ key, value }));
  if (node.type !== 'object') return null;
  const members: Member[] = [];
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key && value) members.push({ key: String(key.value), value });
  }
  return members;
}

/** Deeper members keep this indentation, so that 10,000 levels do not make a square of spaces. */
const deepestIndent = 12;

function labelOf(key: string | number, depth: number): string {
  const indent = '  '.repeat(Math.min(depth - 1, deepestIndent));
  return typeof key === 'number' ? `${indent}- ` : `${indent}${canonicalText(key, '')}:`;
}

function scalarText(node: Node, source: string): string {
  return node.type === 'string'
    ? canonicalText(node.value as string, '')
    : source.slice(node.offset, node.offset + node.length);
}

/** The key; of an item of a list its name, title or id, else its number. */
function sectionTitle(value: Node, key: string | number): string {
  if (typeof key === 'string') return shortened(key);
  const members = value.type === 'object' ? (membersOf(value) ?? []) : [];
  for (const name of ['title', 'name', 'id']) {
    const found = members.find((member) => member.key === name)?.value;
    if (found?.type === 'string' || found?.type === 'number') return shortened(String(found.value));
  }
  return `[${key}]`;
}

function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return (line.length > longestTitle ? `${line.slice(0, longestTitle)}…` : line).toWellFormed();
}

function pathName(path: Path): string {
  let name = '';
  for (const key of path) {
    if (typeof key === 'number') name += `[${key}]`;
    else name += name === '' ? shortened(key) : `.${shortened(key)}`;
  }
  return name;
}

/** Line of an offset; offsets are asked in rising order. */
function createLineCounter(text: string) {
  let line = 1;
  let counted = 0;
  return {
    at(offset: number): number {
      for (
        let feed = text.indexOf('\n', counted);
        feed >= 0 && feed < offset;
        feed = text.indexOf('\n', counted)
      ) {
        line += 1;
        counted = feed + 1;
      }
      return line;
    },
  };
}
