import { escapeHtml } from '../../evaluation/index.ts';
import type { Cell } from './cell.ts';
import { figure } from './figures.ts';
import { cellHtml } from './render-cell.ts';

/** A row of a forest plot. */
export interface ForestRow {
  readonly name: string;
  /** The name with links to what is behind it. */
  readonly label?: Cell | undefined;
  readonly value: number | null;
  /** Null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Columns after the plot. */
  readonly cells: readonly Cell[];
  /** Word that the row is marked by, in colour beside the text. */
  readonly mark?: string | undefined;
}

/** What the plot of a forest is drawn on. */
export interface ForestAxis {
  readonly domain: readonly [low: number, high: number];
  /** Values marked by a dashed line, and by a solid one. */
  readonly dashed: readonly number[];
  readonly solid?: readonly number[] | undefined;
}

/**
 * A table with an interval drawn in each row. It is drawn by widths in per cent, so it fits every screen and paper; on a narrow
 * screen the plot goes under its row.
 */
export function forest(head: readonly string[], rows: readonly ForestRow[], axis: ForestAxis): string {
  if (rows.length === 0) return '';
  const [first, ...rest] = head;
  const heads = [
    `<th scope="col" role="columnheader">${escapeHtml(first ?? '')}</th>`,
    `<th scope="col" role="columnheader" class="plot"><span class="ticks" aria-label="axis">${ticks(axis)}</span></th>`,
    ...rest.map((text) => `<th scope="col" role="columnheader">${escapeHtml(text)}</th>`),
  ];
  const body = rows.map((row) => {
    const cells = row.cells.map(
      (text, index) => `<td role="cell" data-head="${escapeHtml(rest[index] ?? '')}">${cellHtml(text)}</td>`,
    );
    const mark = row.mark === undefined ? '' : ` class="is-${escapeHtml(row.mark)}"`;
    return `<tr role="row"${mark}><th scope="row" role="rowheader">${cellHtml(row.label ?? row.name)}</th><td role="cell" class="plot">${track(row, axis)}</td>${cells.join('')}</tr>`;
  });
  return `<table class="forest" role="table"><thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead><tbody role="rowgroup">${body.join('')}</tbody></table>`;
}

function track(row: ForestRow, axis: ForestAxis): string {
  const at = (value: number): number => position(value, axis);
  const lines = [
    ...axis.dashed.map((value) => `<i class="dashed" style="left:${percent(at(value))}"></i>`),
    ...(axis.solid ?? []).map((value) => `<i class="solid" style="left:${percent(at(value))}"></i>`),
  ];
  if (row.low !== null && row.high !== null) {
    const [left, right] = [at(row.low), at(row.high)];
    lines.push(`<i class="bar" style="left:${percent(left)};width:${percent(right - left)}"></i>`);
  }
  if (row.value !== null) lines.push(`<i class="dot" style="left:${percent(at(row.value))}"></i>`);
  const spoken =
    row.value === null
      ? 'not measured'
      : `${figure(row.value)}${row.low === null ? '' : `, interval ${figure(row.low)} to ${figure(row.high)}`}`;
  return `<span class="track" role="img" aria-label="${escapeHtml(spoken)}">${lines.join('')}</span>`;
}

function ticks({ domain }: ForestAxis): string {
  const [low, high] = domain;
  return [low, (low + high) / 2, high]
    .map((value, index) => `<span class="tick-${index}">${short(value)}</span>`)
    .join('');
}

function position(value: number, { domain: [low, high] }: ForestAxis): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}

function short(value: number): string {
  return Number(value.toPrecision(3))
    .toString()
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** The axis of differences: as far on both sides of 0, up to a round number. */
export function differenceAxis(values: readonly (number | null)[], margin: number): ForestAxis {
  const reach = Math.max(2 * margin, ...values.map((value) => Math.abs(value ?? 0)));
  const round = roundUp(reach);
  return { domain: [-round, round], dashed: [-margin, margin], solid: [0] };
}

/** Smallest of 1, 1.5, 2, 3, 5, 7.5 or 10 times a power of ten that is not below. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 1.5, 2, 3, 5, 7.5, 10].find((step) => step * unit >= value * (1 - 1e-9)) ?? 10);
}
