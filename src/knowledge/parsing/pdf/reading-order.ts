import type { Segment } from './page-segments.ts';

/** Columns of text hold at least this many lines, of this many characters in the middle one. */
const leastLines = 4;
const leastCharacters = 20;
/** Share of the lines that may run across two columns: titles, wide tables. */
const crossingShare = 0.25;

/** Letter heights between a running title and the text. */
const farApart = 2.5;

/**
 * Stretches of a page in the order in which they are read: columns from left to right, between the lines that run
 * across them; inside a stretch from top to bottom. Turned text comes last. Cells of a table are too short for a
 * column, so rows stay together.
 */
export function readingOrder(segments: readonly Segment[]): Segment[][] {
  const upright = segments.filter(({ turned }) => !turned);
  const turned = segments.filter((segment) => segment.turned);
  const { above, body, below } = withoutMargins(upright);
  return [...above, ...stretches(body, 0), ...below, ...turned.map((segment) => [segment])];
}

/** Rows at the head and the foot of a page that stand far from the rest: page numbers, running titles. */
function withoutMargins(segments: readonly Segment[]) {
  const body = [...segments].sort((a, b) => a.y - b.y || a.left - b.left);
  const above: Segment[][] = [];
  const below: Segment[][] = [];
  for (let row = 0; row < 2; row += 1) {
    const top = body.filter(({ y }) => y - body[0]!.y < 1);
    const next = body[top.length];
    if (top[0] && next && next.y - top[0].y > farApart * next.size) above.push(body.splice(0, top.length));
    const last = body.at(-1);
    const bottom = last ? body.filter(({ y }) => last.y - y < 1) : [];
    const before = body[body.length - bottom.length - 1];
    if (last && before && last.y - before.y > farApart * before.size)
      below.unshift(body.splice(body.length - bottom.length));
  }
  return { above, body, below };
}

function stretches(segments: readonly Segment[], depth: number): Segment[][] {
  const sorted = [...segments].sort((a, b) => a.y - b.y || a.left - b.left);
  const gutter = depth < 6 ? findGutter(sorted) : null;
  if (gutter === null) return sorted.length === 0 ? [] : [sorted];
  const found: Segment[][] = [];
  let left: Segment[] = [];
  let right: Segment[] = [];
  let across: Segment[] = [];
  const flushColumns = () => {
    found.push(...stretches(left, depth + 1), ...stretches(right, depth + 1));
    left = [];
    right = [];
  };
  const flushAcross = () => {
    if (across.length > 0) found.push(across);
    across = [];
  };
  for (const segment of sorted) {
    if (segment.right <= gutter) {
      flushAcross();
      left.push(segment);
    } else if (segment.left >= gutter) {
      flushAcross();
      right.push(segment);
    } else {
      flushColumns();
      across.push(segment);
    }
  }
  flushColumns();
  flushAcross();
  return found;
}

/** Where a white strip runs down between two columns of text; null where there is none. */
function findGutter(segments: readonly Segment[]): number | null {
  if (segments.length < 2 * leastLines) return null;
  const size = median(segments.map((segment) => segment.size));
  let best: { at: number; crossing: number } | null = null;
  // A gutter begins where the longest lines of its left column end.
  for (const edge of commonEdges(segments)) {
    const at = edge + size / 2;
    const left = segments.filter((segment) => segment.right <= at);
    const right = segments.filter((segment) => segment.left >= at + size / 4);
    const crossing = segments.length - left.length - right.length;
    if (crossing > crossingShare * segments.length || (best && crossing >= best.crossing)) continue;
    if (isColumn(left) && isColumn(right) && sideBySide(left, right)) best = { at, crossing };
  }
  return best?.at ?? null;
}

/** Right edges that most segments have, at most 32 of them. */
function commonEdges(segments: readonly Segment[]): number[] {
  const counts = new Map<number, number>();
  for (const { right } of segments) counts.set(Math.round(right), (counts.get(Math.round(right)) ?? 0) + 1);
  const edges = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return edges.slice(0, 32).map(([edge]) => edge);
}

function isColumn(segments: readonly Segment[]): boolean {
  return segments.length >= leastLines && median(segments.map(({ text }) => text.length)) >= leastCharacters;
}

/** Whether the two share most of their height. */
function sideBySide(left: readonly Segment[], right: readonly Segment[]): boolean {
  const [a, b] = [heightOf(left), heightOf(right)];
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared > 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top);
}

function heightOf(segments: readonly Segment[]): { top: number; bottom: number } {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { y } of segments) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { top, bottom };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
