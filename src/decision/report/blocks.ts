import type { Cell } from './cell.ts';
import type { ForestAxis, ForestRow } from './forest.ts';
import type { PlotTools } from './plots.ts';

/** A piece of a section. HTML, Markdown and JSON are written of the same blocks; all text is plain, and escaped by whoever writes it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | TableBlock
  /** A table with an interval drawn in each row. */
  | {
      readonly kind: 'forest';
      readonly head: readonly string[];
      readonly rows: readonly ForestRow[];
      readonly axis: ForestAxis;
    }
  /** A drawing with the figures that it is drawn of. */
  | {
      readonly kind: 'chart';
      /** What it shows, for those who do not see it. */
      readonly label: string;
      readonly caption: string;
      readonly draw: (tools: PlotTools) => string;
      readonly table: TableBlock;
    };

export interface TableBlock {
  readonly kind: 'table';
  /** What the table holds, for those who hear it. */
  readonly label: string;
  readonly head: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** Id that links lead to. */
  readonly id?: string | undefined;
  /** Word that the row is marked by, in colour beside the text. */
  readonly mark?: string | undefined;
  readonly cells: readonly Cell[];
}

/** A part of a report under a heading of its own. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Shown when it is opened, for those who want it. */
  readonly folded?: boolean | undefined;
}

export function text(given: string): Block {
  return { kind: 'text', text: given };
}

export function list(items: readonly Cell[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** A table of rows without marks or ids. */
export function plainTable(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): TableBlock {
  return { kind: 'table', label, head, rows: rows.map((cells) => ({ cells })) };
}
