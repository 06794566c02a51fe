import { escapeHtml } from '../../evaluation/index.ts';
import type { ReportData, ReportSettings } from './report-data.ts';

/** The form in which a reader changes settings; the page shows it where its script runs. */
export function renderForm(data: ReportData): string {
  const { settings, basis } = data;
  const pairs = data.variants.flatMap(({ name }, index) =>
    data.variants.slice(index + 1).map((other) => [name, other.name] as const),
  );
  const tags = [...new Set(data.samples.flatMap((sample) => sample.tags))].sort();
  const bar = basis.sequential
    ? ''
    : field('Bar', 'bar', settings.bar === null ? '' : String(settings.bar), 'placeholder="none"');
  return `<form id="settings" hidden aria-label="Settings">
<h2>What if?</h2>
<p class="note">Change a number: everything on this page is computed again, here, by the code that the command line runs. Nothing leaves your computer.</p>
<div class="fields">
${field('Margin', 'margin', String(settings.margin))}
${field('Confidence', 'confidence', String(settings.confidence))}
${bar}
${field('Requests a month', 'volume', String(settings.volume))}
<label>Look closer at<select name="pair"><option value="">the two that differ most</option>${pairs.map(([a, b], index) => `<option value="${index}">${escapeHtml(`${a} − ${b}`)}</option>`).join('')}</select></label>
</div>
<details><summary>Prices, USD per 1,000 requests</summary><div class="fields">${data.variants.map(({ name }) => field(name, 'price', entryOf(settings.prices, name), `data-name="${escapeHtml(name)}" placeholder="as measured"`)).join('')}</div></details>
${tags.length === 0 ? '' : `<details><summary>Weights of slices</summary><div class="fields">${tags.map((tag) => field(tag, 'weight', entryOf(settings.weights, tag), `data-name="${escapeHtml(tag)}" placeholder="1"`)).join('')}</div></details>`}
<p><button type="button" id="original">Back to the original</button> <span id="status" role="status">As it was made.</span></p>
</form>`;
}

function field(label: string, name: string, value: string, more = ''): string {
  return `<label>${escapeHtml(label)}<input name="${name}" type="number" step="any" min="0" inputmode="decimal" value="${escapeHtml(value)}" ${more}></label>`;
}

function entryOf(record: Readonly<Record<string, number>>, name: string): string {
  return Object.hasOwn(record, name) ? String(record[name]) : '';
}

/** The form for the list of samples. */
export function renderCardForm(): string {
  return `<form id="filter" hidden aria-label="Which samples"><div class="fields">
<label>Samples<select name="show"><option value="differing">that differ</option><option value="gained">where the first is better</option><option value="lost">where the second is better</option><option value="unscored">without a score</option><option value="all">all</option></select></label>
<label>Search<input name="search" type="search"></label>
</div></form>`;
}

/** What the form says; fields that are empty keep their default. */
export function readForm(form: HTMLFormElement, data: ReportData): ReportSettings {
  const number = (name: string): number | null => {
    const input = form.elements.namedItem(name);
    const value = input instanceof HTMLInputElement ? input.value.trim() : '';
    return value === '' ? null : Number(value);
  };
  const named = (name: string): Record<string, number> =>
    Object.fromEntries(
      [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)]
        .filter((input) => input.value.trim() !== '')
        .map((input) => [input.dataset.name ?? '', Number(input.value)]),
    );
  const pairs = data.variants.flatMap(({ name }, index) =>
    data.variants.slice(index + 1).map((other) => [name, other.name] as const),
  );
  const chosen = form.elements.namedItem('pair');
  const pair =
    chosen instanceof HTMLSelectElement && chosen.value !== '' ? pairs[Number(chosen.value)] : undefined;
  return {
    margin: number('margin') ?? data.settings.margin,
    confidence: number('confidence') ?? data.settings.confidence,
    bar: number('bar'),
    volume: number('volume') ?? data.settings.volume,
    prices: named('price'),
    weights: named('weight'),
    pair: pair ?? data.settings.pair,
  };
}
