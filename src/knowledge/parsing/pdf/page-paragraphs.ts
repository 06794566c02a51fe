import type { Segment } from './page-segments.ts';
import { median } from './reading-order.ts';

/** A line of a page; more than one cell where wide gaps stand between its words. */
export interface Line {
  readonly cells: readonly string[];
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
}

/** Lines that belong together. */
export interface Paragraph {
  readonly kind: 'paragraph' | 'list-item' | 'table';
  readonly lines: readonly Line[];
  readonly size: number;
}

const listMark = /^(?:[•‣▪●◦○■–—*-]|\(?(?:\d{1,3}|[a-z])[.)])\s/;

/** Lines of a stretch of a page, from top to bottom. */
export function linesOf(stretch: readonly Segment[]): Line[] {
  const rows: Segment[][] = [];
  for (const segment of stretch) {
    const row = rows.at(-1);
    const last = row?.[0];
    // A superscript stands a little above its line.
    if (row && last && Math.abs(last.y - segment.y) < 0.5 * Math.max(last.size, segment.size))
      row.push(segment);
    else rows.push([segment]);
  }
  return rows.map(lineOf);
}

function lineOf(segments: Segment[]): Line {
  const rightToLeft = segments.filter((segment) => segment.rightToLeft).length * 2 > segments.length;
  segments.sort((a, b) => (rightToLeft ? b.right - a.right : a.left - b.left));
  const cells: string[] = [];
  let end: Segment | null = null;
  for (const segment of segments) {
    const gap = end ? (rightToLeft ? end.left - segment.right : segment.left - end.right) : 0;
    const words = segment.text.replace(/\s+/g, ' ').trim();
    const size = end ? Math.max(end.size, segment.size) : segment.size;
    if (!end || gap > 1.5 * size) cells.push(words);
    else cells[cells.length - 1] += isSpaced(end, segment, gap / size) ? ` ${words}` : words;
    end = segment;
  }
  return {
    cells,
    left: Math.min(...segments.map(({ left }) => left)),
    right: Math.max(...segments.map(({ right }) => right)),
    y: segments[0]!.y,
    size: Math.max(...segments.map(({ size }) => size)),
  };
}

/** Whether two neighbours are different words; those that overlap are. `gap` is in letter heights. */
function isSpaced(first: Segment, second: Segment, gap: number): boolean {
  return gap > 0.12 || gap < -0.3 || /\s$/.test(first.text) || /^\s/.test(second.text);
}

/** Cuts lines into paragraphs: where the gap is wider than usual, the size changes, an item or an indented line begins. */
export function paragraphsOf(lines: readonly Line[]): Paragraph[] {
  const pitches = lines.slice(1).map((line, index) => (line.y - lines[index]!.y) / line.size);
  const pitch = Math.max(1, median(pitches.filter((value) => value > 0.5 && value < 4)) || 1.2);
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    if (group && continues(group, line, pitch)) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => ({
    kind: isTable(group) ? 'table' : listMark.test(group[0]!.cells[0]!) ? 'list-item' : 'paragraph',
    lines: group,
    size: group[0]!.size,
  }));
}

function continues(group: readonly Line[], line: Line, pitch: number): boolean {
  const [first, last] = [group[0]!, group.at(-1)!];
  if (Math.abs(last.size - line.size) > 0.1 * line.size) return false;
  if (line.y - last.y > 1.35 * pitch * line.size) return false;
  const isRow = line.cells.length > 1;
  if (last.cells.length > 1 !== isRow && (isRow || isTable(group))) return false;
  if (isRow) return true;
  if (listMark.test(line.cells[0]!)) return false;
  const body = group.length > 1 ? group[1]! : first;
  const isIndented = line.left > body.left + 0.8 * line.size && !listMark.test(first.cells[0]!);
  return !isIndented || (group.length === 1 && first.left > line.left);
}

function isTable(group: readonly Line[]): boolean {
  return group.length > 1 && group.every(({ cells }) => cells.length > 1);
}
