import { escapeHtml } from '../../evaluation/index.ts';
import type { Block, Section, TableBlock } from './blocks.ts';
import { type Cell, textOf } from './cell.ts';
import { forest } from './forest.ts';
import type { PlotTools } from './plots.ts';
import { cellHtml } from './render-cell.ts';

/** Sections as HTML; what comes from data is escaped. */
export function renderSections(sections: readonly Section[], tools: PlotTools): string {
  return sections
    .filter(({ blocks }) => blocks.length > 0)
    .map((section) => {
      const body = section.blocks.map((block) => renderBlock(block, tools)).join('');
      const heading = `<h2>${escapeHtml(section.heading)}</h2>`;
      return section.folded
        ? `<details class="folded" id="${escapeHtml(section.id)}"><summary>${heading}</summary>${body}</details>`
        : `<section id="${escapeHtml(section.id)}">${heading}${body}</section>`;
    })
    .join('\n');
}

function renderBlock(block: Block, tools: PlotTools): string {
  switch (block.kind) {
    case 'text':
      return `<p class="note">${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${cellHtml(item)}</li>`).join('')}</ul>`;
    case 'table':
      return renderTable(block);
    case 'forest':
      return forest(block.head, block.rows, block.axis);
    case 'chart':
      return renderChart(block, tools);
  }
}

/** Columns beyond which each row is a card on every screen. */
const mostColumns = 8;

/** On a narrow screen each row becomes a card whose cells name their column; a table of many columns is set so everywhere. */
function renderTable({ label, head, rows }: TableBlock): string {
  if (rows.length === 0) return '';
  const body = rows.map(({ id, mark, cells: [first = '', ...rest] }) => {
    const cells = rest.map(
      (cell, index) =>
        `<td role="cell" class="${classOf(cell, head[index + 1] ?? '')}" data-head="${escapeHtml(head[index + 1] ?? '')}">${cellHtml(cell)}</td>`,
    );
    const named = id === undefined ? '' : ` id="${escapeHtml(id)}"`;
    const marked = mark === undefined ? '' : ` class="is-${escapeHtml(mark)}"`;
    return `<tr role="row"${named}${marked}><th scope="row" role="rowheader">${cellHtml(first)}</th>${cells.join('')}</tr>`;
  });
  const heads = head.map(
    (name, index) =>
      `<th scope="col" role="columnheader" class="${rows.some(({ cells }) => isLong(cells[index] ?? '')) ? 'words' : ''}">${escapeHtml(name)}</th>`,
  );
  return `<table class="cards${head.length > mostColumns ? ' stacked' : ''}" role="table" aria-label="${escapeHtml(label)}"><thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead><tbody role="rowgroup">${body.join('')}</tbody></table>`;
}

/** Letters beyond which a cell is read as words and set to the left, and beyond which it has a line of its own on a card. */
const longCell = 22;
const sentence = 44;

function classOf(cell: Cell, head: string): string {
  const text = textOf(cell);
  if (text === '' || text === '–') return 'empty';
  return [
    ...(text.length > sentence ? ['sentence'] : isLong(cell) ? ['words'] : []),
    ...(head === 'Outcome' ? ['outcome'] : []),
  ].join(' ');
}

function isLong(cell: Cell): boolean {
  return textOf(cell).length > longCell;
}

function renderChart(block: Extract<Block, { kind: 'chart' }>, tools: PlotTools): string {
  const svg = block.draw(tools);
  if (svg === '') return '';
  // Its letters are read out as they stand in the table, not one by one.
  const named = svg
    .replaceAll(/ aria-(?:label|description)="[^"]*"/g, '')
    .replace('<svg', `<svg role="img" aria-label="${escapeHtml(block.label)}"`);
  return `<figure><div class="chart">${named}</div><figcaption>${escapeHtml(block.caption)}</figcaption></figure><details class="figures"><summary>${escapeHtml(`Figures of this chart: ${block.table.label}`)}</summary>${renderTable(block.table)}</details>`;
}
