/** A run of text as the library gives it, in points; y grows upwards. */
export interface TextItem {
  readonly str: string;
  readonly dir: string;
  readonly width: number;
  readonly height: number;
  readonly transform: readonly number[];
  readonly hasEOL: boolean;
}

/** Words that stand side by side on one base line. */
export interface Segment {
  text: string;
  readonly left: number;
  right: number;
  /** Base line, growing downwards from the top of the page. */
  readonly y: number;
  /** Height of the letters. */
  readonly size: number;
  readonly rightToLeft: boolean;
  /** Text that is turned stands after all other of its page. */
  readonly turned: boolean;
}

/** Widest gap inside a segment, in letter heights; beyond it is another column or cell. */
const widestGap = 1.5;
/** Narrowest gap that is a space. */
const narrowestSpace = 0.12;

/** Joins the runs of a page, in the order of its content, into segments. Runs without visible text are left out. */
export function pageSegments(items: readonly TextItem[]): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | null = null;
  let ended = false;
  for (const item of items) {
    if (item.str.trim() === '') {
      ended ||= item.hasEOL;
      continue;
    }
    const next = segmentOf(item);
    const gap = open ? next.left - open.right : 0;
    const joins: boolean =
      open !== null &&
      !ended &&
      open.turned === next.turned &&
      !next.rightToLeft &&
      !open.rightToLeft &&
      Math.abs(open.y - next.y) < 0.1 * next.size &&
      Math.abs(open.size - next.size) < 0.1 * next.size &&
      gap > -0.5 * next.size &&
      gap < widestGap * next.size;
    if (open && joins) {
      const spaced = /\s$/.test(open.text) || /^\s/.test(next.text);
      open.text += !spaced && gap > narrowestSpace * next.size ? ` ${next.text}` : next.text;
      open.right = Math.max(open.right, next.right);
    } else {
      open = next;
      segments.push(open);
    }
    ended = item.hasEOL;
  }
  return segments;
}

function segmentOf(item: TextItem): Segment {
  const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = item.transform.map((value) =>
    Number.isFinite(value) ? value : 0,
  );
  const size = Math.hypot(c, d) || item.height || 1;
  const turned = a <= 0 || Math.abs(b) > 0.05 * Math.abs(a);
  const width = Number.isFinite(item.width) ? item.width : 0;
  return {
    text: item.str,
    left: x,
    right: x + (turned ? size : width),
    y: -y,
    size,
    rightToLeft: item.dir === 'rtl',
    turned,
  };
}
