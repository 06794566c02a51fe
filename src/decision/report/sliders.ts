import { escapeHtml } from '../../evaluation/index.ts';
import { dollars, whole } from './figures.ts';

/** A quantity that a reader moves: a slider, a field for the exact number, and its value in words for paper. */
export interface Slider {
  /** Name of the field. */
  readonly name: string;
  /** What the field is about where several have one name. */
  readonly about?: string | undefined;
  readonly label: string;
  /** Such as "requests a month"; a unit that begins with USD is an amount. */
  readonly unit: string;
  /** Null: nothing entered, which is said by `absent`. */
  readonly value: number | null;
  readonly absent?: string | undefined;
  /** What the middle of the slider stands for, above 0; `value` by default. */
  readonly middle?: number | undefined;
  /** Orders of magnitude on either side of the middle. */
  readonly decades: number;
}

/** Steps of a slider for an order of magnitude. */
const stepsPerDecade = 50;

/** The slider is logarithmic; its middle is where the page was made. */
export function renderSlider(slider: Slider, id: string): string {
  const { name, about, label, unit, value, absent = '', decades } = slider;
  const middle = slider.middle ?? value ?? 1;
  const centre = middle > 0 ? middle : 1;
  const reach = decades * stepsPerDecade;
  const at = value === null ? 0 : positionOf(value, centre, reach);
  const said = spoken(value, unit, absent);
  const more = about === undefined ? '' : ` data-name="${escapeHtml(about)}"`;
  return `<div class="slider" data-unit="${escapeHtml(unit)}" data-absent="${escapeHtml(absent)}"><label for="${id}">${escapeHtml(label)} <span class="unit">${escapeHtml(unit)}</span></label>
<input type="range" id="${id}" min="${-reach}" max="${reach}" step="1" value="${at}" data-middle="${centre}" aria-valuetext="${escapeHtml(said)}">
<input type="number" name="${name}"${more} step="any" min="0" inputmode="decimal" value="${value ?? ''}" placeholder="${escapeHtml(absent)}" aria-label="${escapeHtml(`${label}, ${unit}, exact`)}">
<output>${escapeHtml(said)}</output></div>`;
}

/** A value with its unit. */
function spoken(value: number | null, unit: string, absent: string): string {
  if (value === null) return absent;
  return unit.startsWith('USD') ? `${dollars(value)}${unit.slice('USD'.length)}` : `${whole(value)} ${unit}`;
}

/** Where on the slider a value lies; the nearest end where it lies beyond. */
function positionOf(value: number, middle: number, reach: number): number {
  if (!(value > 0)) return -reach;
  return Math.min(reach, Math.max(-reach, Math.round(Math.log10(value / middle) * stepsPerDecade)));
}

/** The value of a position, with three digits; the middle is exact. */
export function valueAt(position: number, middle: number): number {
  return position === 0 ? middle : Number((middle * 10 ** (position / stepsPerDecade)).toPrecision(3));
}

/** Joins slider, field and words, whichever of them is changed. Runs before whoever reads the form. */
export function wireSliders(form: HTMLFormElement): void {
  for (const row of form.querySelectorAll<HTMLElement>('.slider')) {
    const range = row.querySelector<HTMLInputElement>('input[type=range]');
    const field = row.querySelector<HTMLInputElement>('input[type=number]');
    const output = row.querySelector('output');
    if (!range || !field || !output) continue;
    const middle = Number(range.dataset.middle);
    const say = (): void => {
      const value = field.value.trim() === '' ? null : Number(field.value);
      const said = spoken(value, row.dataset.unit ?? '', row.dataset.absent ?? '');
      range.setAttribute('aria-valuetext', said);
      output.textContent = said;
    };
    range.addEventListener('input', () => {
      field.value = String(valueAt(Number(range.value), middle));
      say();
    });
    field.addEventListener('input', () => {
      range.value = String(
        field.value.trim() === '' ? 0 : positionOf(Number(field.value), middle, Number(range.max)),
      );
      say();
    });
    // A reset changes the fields after its event.
    form.addEventListener('reset', () => setTimeout(say));
  }
}
