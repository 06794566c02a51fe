import { splitSentences } from '../../knowledge/index.ts';

/** What can be quoted as one sentence: a sentence, a small piece of code, or a row of a table. */
export interface QuotableUnit {
  readonly kind: 'sentence' | 'code' | 'row';
  /** `[start, end)` of the canonical text, without white space at either side. */
  readonly start: number;
  readonly end: number;
}

/** Most lines of code that count as one unit; longer code is cut into pieces of at most so many. */
export const maxCodeLines = 8;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type LineKind = 'fence' | 'row' | 'member' | 'prose' | 'skip' | 'blank' | 'item';

/**
 * The units of `[start, end)` of a canonical text, in order and without overlap. Headings, tags alone on a line,
 * fences, rules and front matter are no units. Fences that were opened before `start` are seen.
 */
export function quotableUnits(text: string, start = 0, end = text.length): QuotableUnit[] {
  const units: QuotableUnit[] = [];
  let fence = openFence(text, start);
  let run: Line[] = [];
  let runKind: LineKind = 'blank';
  const flush = (): void => {
    const first = run[0];
    const last = run.at(-1);
    if (first && last) {
      if (runKind === 'member') units.push(...memberPieces(text, run));
      else
        for (const sentence of splitSentences(text, first.start, last.end))
          push(units, text, 'sentence', sentence.start, sentence.end);
    }
    run = [];
  };
  let code: Line[] = [];
  for (const line of linesOf(text, frontMatterEnd(text, start), end)) {
    const mark = fenceMark(line.text);
    if (fence !== null) {
      if (mark !== null && mark[0] === fence[0] && mark.length >= fence.length && closesFence(line.text)) {
        units.push(...codePieces(text, code));
        code = [];
        fence = null;
      } else code.push(line);
      continue;
    }
    if (mark !== null) {
      flush();
      fence = mark;
      continue;
    }
    const kind = lineKind(line.text);
    if (kind === 'row') {
      flush();
      push(units, text, 'row', line.start, line.end);
    } else if (kind === 'skip' || kind === 'blank') flush();
    else if (kind === 'item') {
      flush();
      runKind = 'prose';
      run = [{ ...line, start: line.start + itemMarkerLength(line.text) }];
    } else {
      if (run.length > 0 && kind !== runKind) flush();
      runKind = kind;
      run.push(line);
    }
  }
  flush();
  units.push(...codePieces(text, code));
  return units.sort((a, b) => a.start - b.start);
}

/** Adds `[start, end)` without the white space around it, unless nothing that can be read is left. */
function push(
  units: QuotableUnit[],
  text: string,
  kind: QuotableUnit['kind'],
  start: number,
  end: number,
): void {
  const slice = text.slice(start, end);
  const from = start + (slice.length - slice.trimStart().length);
  const to = end - (slice.length - slice.trimEnd().length);
  if (from < to && /[\p{L}\p{N}]/u.test(text.slice(from, to))) units.push({ kind, start: from, end: to });
}

function* linesOf(text: string, start: number, end: number): Generator<Line> {
  let from = start;
  while (from < end) {
    const found = text.indexOf('\n', from);
    const to = found === -1 || found > end ? end : found;
    yield { start: from, end: to, text: text.slice(from, to) };
    from = to + 1;
  }
}

/** Where the body begins: behind front matter when the slice begins with the text. */
function frontMatterEnd(text: string, start: number): number {
  if (start > 0 || !text.startsWith('---\n')) return start;
  const close = text.indexOf('\n---\n', 3);
  return close === -1 ? start : close + 5;
}

/** The fence that is open at `position`, or null. */
function openFence(text: string, position: number): string | null {
  let open: string | null = null;
  for (const line of linesOf(text, 0, position)) {
    const mark = fenceMark(line.text);
    if (mark === null) continue;
    if (open === null) open = mark;
    else if (mark[0] === open[0] && mark.length >= open.length && closesFence(line.text)) open = null;
  }
  return open;
}

function fenceMark(line: string): string | null {
  return /^\s{0,12}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
}

/** A closing fence has nothing behind its marks. */
function closesFence(line: string): boolean {
  return /^[\s`~]*$/.test(line);
}

function itemMarkerLength(line: string): number {
  return /^\s*(?:[-*+]|\d{1,9}[.)])\s+/.exec(line)?.[0].length ?? 0;
}

function lineKind(line: string): LineKind {
  const trimmed = line.trim();
  if (trimmed === '') return 'blank';
  if (trimmed.startsWith('|')) return /^[|\s:-]+$/.test(trimmed) ? 'skip' : 'row';
  if (/^#{1,6}\s/.test(trimmed) || /^[-*_=\s]+$/.test(trimmed)) return 'skip';
  if (/^<\/?[A-Za-z][^<>]*>$/.test(trimmed) || /^(?:import|export) .* from /.test(trimmed)) return 'skip';
  if (/^[{}[\]()<>/,;=]+$/.test(trimmed)) return 'member';
  if (/^['"]?[A-Za-z_]\w*['"]?\s?[:=]/.test(trimmed) && /[,[{(]$/.test(trimmed)) return 'member';
  if (/^(?:name|type|description|isOptional|isRequired|default):/.test(trimmed)) return 'member';
  return itemMarkerLength(line) > 0 ? 'item' : 'prose';
}

/** Code cut at blank lines into pieces of at most `maxCodeLines` lines; small blocks stay whole. */
function codePieces(text: string, lines: readonly Line[]): QuotableUnit[] {
  return pieces(text, lines, (line) => line.text.trim() === '');
}

/** Members of an object literal in prose (tables of properties): one piece per innermost braces. */
function memberPieces(text: string, lines: readonly Line[]): QuotableUnit[] {
  const units: QuotableUnit[] = [];
  let piece: Line[] = [];
  const flush = (): void => {
    units.push(...pieces(text, piece, () => false));
    piece = [];
  };
  for (const line of lines) {
    if (/[{[]$/.test(line.text.trim())) flush();
    else if (/^[}\]]/.test(line.text.trim())) flush();
    else piece.push(line);
  }
  flush();
  return units;
}

function pieces(text: string, lines: readonly Line[], cutsAt: (line: Line) => boolean): QuotableUnit[] {
  const units: QuotableUnit[] = [];
  const add = (first: Line | undefined, last: Line | undefined): void => {
    if (first && last) push(units, text, 'code', first.start, last.end);
  };
  if (lines.length <= maxCodeLines) {
    add(lines[0], lines.at(-1));
    return units;
  }
  let piece: Line[] = [];
  for (const line of lines) {
    if (piece.length === maxCodeLines || (cutsAt(line) && piece.length >= 3)) {
      add(piece[0], piece.at(-1));
      piece = [];
    }
    piece.push(line);
  }
  add(piece[0], piece.at(-1));
  return units;
}
