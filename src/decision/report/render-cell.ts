import { escapeHtml } from '../../evaluation/index.ts';
import { type Cell, piecesOf } from './cell.ts';

/** A cell as HTML, its links leading to places of the page. */
export function cellHtml(cell: Cell): string {
  return piecesOf(cell)
    .map(({ text, to }) =>
      to === null ? escapeHtml(text) : `<a href="#${escapeHtml(to)}">${escapeHtml(text)}</a>`,
    )
    .join('');
}
