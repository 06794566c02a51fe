import { escapeHtml } from '../../evaluation/index.ts';
import { dollars } from './figures.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import type { ReportSettings } from './report-settings.ts';
import { priceParameters } from './settings-costing.ts';
import { renderSlider, type Slider } from './sliders.ts';

/** The form in which a reader changes settings; the page shows it where its script runs. */
export function renderForm(data: ReportData, model: ReportModel): string {
  const { settings, basis } = data;
  const pairs = data.variants.flatMap(({ name }, index) =>
    data.variants.slice(index + 1).map((other) => [name, other.name] as const),
  );
  const tags = [...new Set(data.samples.flatMap((sample) => sample.tags))].sort();
  const { sliders, fields } = priceControls(data, model);
  const money = settings.marginUsd ?? null;
  return `<form id="settings" aria-label="Settings">
<h2>What if?</h2>
<p class="note">Move a slider or enter a number: everything on this page is computed again, here, by the code that the command line runs. Nothing leaves your computer.</p>
<div class="sliders">
${mainSliders(data)
  .map((each) => renderSlider(each, `slider-${each.name}`))
  .join('')}
</div>
${sliders.length === 0 ? '' : `<details class="printed"${sliders.length <= mostOpen ? ' open' : ''}><summary>Prices</summary><div class="sliders">${sliders.map((each, index) => renderSlider(each, `slider-price-${index}`)).join('')}</div></details>`}
<details><summary>Bar, margin and more</summary><div class="fields">
${basis.sequential ? '' : field('Bar', 'bar', settings.bar === null ? '' : String(settings.bar), 'placeholder="none"')}
${money === null ? field('Margin', 'margin', String(settings.margin)) : field('Margin, USD per 1,000', 'marginUsd', String(money))}
${field('Confidence', 'confidence', String(settings.confidence))}
${basis.sequential ? '' : field('95 of 100 answers within, seconds', 'maxP95', String(settings.maxP95 ?? ''), 'placeholder="no limit"')}
<label>Look closer at<select name="pair"><option value="">the two that differ most</option>${pairs.map(([a, b], index) => `<option value="${index}">${escapeHtml(`${a} − ${b}`)}</option>`).join('')}</select></label>
</div>
${fields === '' ? '' : `<p class="note">USD per 1,000 requests, in place of what is known:</p><div class="fields">${fields}</div>`}</details>
${tags.length === 0 ? '' : `<details><summary>Weights of slices</summary><div class="fields">${tags.map((tag) => field(tag, 'weight', entryOf(settings.weights, tag), `data-name="${escapeHtml(tag)}" placeholder="1"`)).join('')}</div></details>`}
<p><button type="button" id="original">Back to the original</button> <span id="status" role="status">As it was made.</span></p>
</form>`;
}

/** Sliders of prices that are shown without being asked for. */
const mostOpen = 4;

function mainSliders({ settings, basis }: ReportData): Slider[] {
  const loss = { unit: 'USD', absent: 'not entered', decades: 2 } as const;
  return [
    {
      name: 'volume',
      label: 'Volume',
      unit: 'requests a month',
      value: settings.volume,
      decades: 2,
    },
    ...(basis.sequential
      ? []
      : [
          { name: 'wrongUsd', label: 'Cost of a wrong answer', value: settings.wrongUsd ?? null, ...loss },
          { name: 'refusedUsd', label: 'Cost of a refusal', value: settings.refusedUsd ?? null, ...loss },
        ]),
  ];
}

/** Sliders of the prices that costs are computed of, and fields for variants whose price is none of those. */
function priceControls(data: ReportData, { means }: ReportModel): { sliders: Slider[]; fields: string } {
  const { settings, decided } = data;
  const composed = new Set(
    (decided.costing?.arms ?? []).filter(({ profile }) => profile !== undefined).map(({ name }) => name),
  );
  const ofAnswers = means.filter(
    ({ variant, costPer1000Usd, deployable }) =>
      deployable && !composed.has(variant) && (costPer1000Usd ?? 0) > 0,
  );
  const own = new Set(ofAnswers.map(({ variant }) => variant));
  return {
    sliders: [
      ...ofAnswers.map(({ variant, costPer1000Usd }) => ({
        name: 'price',
        about: variant,
        label: variant,
        unit: 'USD per 1,000 requests',
        value: Object.hasOwn(settings.prices, variant) ? settings.prices[variant]! : null,
        absent: `as measured, ${dollars(costPer1000Usd)}`,
        middle: costPer1000Usd ?? 1,
        decades: 1,
      })),
      ...priceParameters(decided).map(({ id, label, unit, now }) => ({
        name: 'figure',
        about: id,
        label,
        unit,
        value: now,
        decades: 1,
      })),
    ],
    fields: data.variants
      .filter(({ name }) => !own.has(name))
      .map(({ name }) =>
        field(
          name,
          'price',
          entryOf(settings.prices, name),
          `data-name="${escapeHtml(name)}" placeholder="as known"`,
        ),
      )
      .join(''),
  };
}

function field(label: string, name: string, value: string, more = ''): string {
  return `<label>${escapeHtml(label)}<input name="${name}" type="number" step="any" min="0" inputmode="decimal" value="${escapeHtml(value)}" ${more}></label>`;
}

function entryOf(record: Readonly<Record<string, number>>, name: string): string {
  return Object.hasOwn(record, name) ? String(record[name]) : '';
}

/** The form for the list of samples. */
export function renderCardForm(): string {
  return `<form id="filter" aria-label="Which samples"><div class="fields">
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
  const before = new Map(priceParameters(data.decided).map(({ id, now }) => [id, now]));
  return {
    margin: number('margin') ?? data.settings.margin,
    marginUsd: number('marginUsd') ?? data.settings.marginUsd,
    confidence: number('confidence') ?? data.settings.confidence,
    bar: number('bar'),
    maxP95: number('maxP95'),
    volume: number('volume') ?? data.settings.volume,
    wrongUsd: number('wrongUsd'),
    refusedUsd: number('refusedUsd'),
    prices: named('price'),
    figures: Object.fromEntries(
      Object.entries(named('figure')).filter(([id, usd]) => before.get(id) !== usd),
    ),
    weights: named('weight'),
    pair: pair ?? data.settings.pair,
  };
}
