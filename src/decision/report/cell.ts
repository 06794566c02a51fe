/** Text that leads to another place of the page, such as the run or the price behind a number. */
export interface Link {
  readonly text: string;
  /** Id of an element of the page; null where there is nothing to lead to. */
  readonly to: string | null;
}

/** What a cell of a table says: text, or texts of which some lead elsewhere. */
export type Cell = string | Link | readonly (string | Link)[];

/** The text of a cell without its links. */
export function textOf(cell: Cell): string {
  return piecesOf(cell)
    .map(({ text: said }) => said)
    .join('');
}

/** The pieces of a cell; a piece without a link leads nowhere. */
export function piecesOf(cell: Cell): Link[] {
  const pieces = typeof cell === 'string' || 'text' in cell ? [cell] : cell;
  return pieces.map((piece) => (typeof piece === 'string' ? { text: piece, to: null } : piece));
}
