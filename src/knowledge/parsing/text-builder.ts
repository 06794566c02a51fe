import type { Block, BlockKind, Place } from '../document.ts';

/** Builds a text from the events of a page, and the blocks as it grows. Blocks are one blank line apart. */
export interface TextBuilder {
  /** Adds words; white space collapses outside `pre`. `line` is that of the source on which they start. */
  write(words: string, line?: number | null): void;
  /** A line end inside a block. */
  lineBreak(): void;
  /** Ends the open block, if any. */
  breakBlock(): void;
  openHeading(level: number): void;
  /** `first` is the number of the first item, null for bullets. */
  openList(first: number | null): void;
  closeList(): void;
  openItem(): void;
  closeItem(): void;
  openQuote(): void;
  closeQuote(): void;
  openPre(): void;
  closePre(): void;
  openTable(): void;
  openRow(): void;
  openCell(): void;
  closeCell(): void;
  closeTable(): void;
  /** Each block has a place where the line of its first words is known. */
  finish(): { text: string; blocks: Block[]; places: Place[] };
}

/** Deeper lists keep this indentation, so that 10,000 levels do not make a square of spaces. */
const deepestIndent = 8;

/** Starts an empty text. */
export function createTextBuilder(): TextBuilder {
  const parts: string[] = [];
  const blocks: Block[] = [];
  const places: Place[] = [];
  const lists: (number | null)[] = [];
  let length = 0;
  let pending = '';
  let pendingLine: number | null = null;
  let marker = '';
  let level = 0;
  let quotes = 0;
  let pres = 0;
  let tables = 0;
  let cells = 0;
  let cellsInRow = 0;

  const kindNow = (): BlockKind => {
    if (level > 0) return 'heading';
    if (pres > 0) return 'code';
    if (tables > 0) return 'table';
    if (lists.length > 0) return 'list-item';
    return quotes > 0 ? 'quote' : 'paragraph';
  };
  const flush = () => {
    const kind = kindNow();
    const words = kind === 'code' ? pending.replace(/^\n/, '').trimEnd() : tidy(pending, kind === 'table');
    pending = '';
    if (words.trim() !== '') {
      const previous = blocks.at(-1)?.kind;
      const near = kind === 'list-item' && previous === 'list-item';
      const gap = length === 0 ? '' : near ? '\n' : '\n\n';
      const body = kind === 'list-item' ? marker + words : words;
      if (kind === 'list-item') marker = ' '.repeat(marker.length);
      const start = length + gap.length;
      parts.push(gap, body);
      length = start + body.length;
      blocks.push({
        kind,
        start,
        end: length,
        ...(level > 0 ? { level, title: words.replace(/\s+/g, ' ') } : {}),
      });
      if (pendingLine !== null) places.push({ start, end: length, line: pendingLine });
    }
    pendingLine = null;
    level = 0;
  };
  /** Inside a table everything is part of a row. */
  const breakBlock = () => {
    if (tables > 0) pending += ' ';
    else if (pres === 0) flush();
  };

  return {
    write(words, line = null) {
      if (pendingLine === null && line !== null) {
        const visible = words.search(/\S/);
        if (visible >= 0) pendingLine = line + (words.slice(0, visible).match(/\n/g)?.length ?? 0);
      }
      pending += pres > 0 && tables === 0 ? words : words.replace(/[\t\n\f\r ]+/g, ' ');
    },
    lineBreak() {
      pending += tables > 0 ? ' ' : '\n';
    },
    breakBlock,
    openHeading(next) {
      breakBlock();
      if (tables === 0 && pres === 0) level = next;
    },
    openList(first) {
      breakBlock();
      lists.push(first);
    },
    closeList() {
      breakBlock();
      lists.pop();
      marker = '';
    },
    openItem() {
      breakBlock();
      const number = lists.at(-1) ?? null;
      const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), deepestIndent));
      marker = `${indent}${number === null ? '-' : `${number}.`} `;
      if (number !== null) lists[lists.length - 1] = number + 1;
    },
    closeItem() {
      breakBlock();
      marker = '';
    },
    openQuote() {
      breakBlock();
      quotes += 1;
    },
    closeQuote() {
      breakBlock();
      quotes -= 1;
    },
    openPre() {
      breakBlock();
      pres += 1;
    },
    closePre() {
      if (pres === 1 && tables === 0) flush();
      pres -= 1;
    },
    openTable() {
      breakBlock();
      tables += 1;
    },
    openRow() {
      if (tables !== 1 || cells > 0) return;
      pending += '\n';
      cellsInRow = 0;
    },
    openCell() {
      if (tables === 1 && cells === 0 && cellsInRow++ > 0) pending += ' | ';
      else breakBlock();
      cells += 1;
    },
    closeCell() {
      cells -= 1;
    },
    closeTable() {
      if (tables === 1) {
        flush();
        cells = 0;
      }
      tables -= 1;
    },
    finish() {
      flush();
      return { text: parts.join(''), blocks, places };
    },
  };
}

/** Lines without doubled spaces and without space at their ends; rows without empty lines between them. */
function tidy(words: string, rows: boolean): string {
  const lines = words.replace(/[ \t]+/g, ' ').replace(/ ?\n ?/g, '\n');
  return (rows ? lines.replace(/\n{2,}/g, '\n') : lines).trim();
}
