// The script of the report page: computes everything again when a reader changes a setting. Bundled into the page.
import * as Plot from '@observablehq/plot';
import { escapeHtml } from '../../evaluation/index.ts';
import { renderParts } from './render-results.ts';
import { type ReportData, surroundingsOf, unpackRows } from './report-data.ts';
import { readForm } from './report-form.ts';
import { modelReport, type ReportModel } from './report-model.ts';
import type { ReportSettings } from './report-settings.ts';
import { type CardFilter, renderCards } from './sample-cards.ts';
import { wireSliders } from './sliders.ts';

/** Samples listed at first, and more by each press of the button. */
const cardsAtOnce = 20;

/** Wires the page: `document` must be one that `renderReport` made. */
function startPage(): void {
  const data = JSON.parse(document.getElementById('report-data')?.textContent ?? '') as ReportData;
  const rows = unpackRows(data);
  const surroundings = surroundingsOf(data);
  const settingsForm = document.getElementById('settings') as HTMLFormElement;
  const filterForm = document.getElementById('filter') as HTMLFormElement;
  const more = document.getElementById('more') as HTMLButtonElement;
  const tools = { Plot, document };
  const compute = (settings: ReportSettings): ReportModel =>
    modelReport(rows, data.basis, settings, surroundings);
  let model = compute(data.settings);
  let most = cardsAtOnce;

  const showCards = (): void => {
    const { flips } = model.closer ?? {};
    if (!flips) return;
    const form = new FormData(filterForm);
    const filter: CardFilter = {
      pair: [flips.variant, flips.against],
      show: form.get('show') as CardFilter['show'],
      search: String(form.get('search') ?? ''),
      most,
    };
    const { html, found } = renderCards(data, filter);
    setHtml('cards', html);
    more.hidden = found <= most;
    more.textContent = `Show more (${found - most} left)`;
  };
  const show = (): void => {
    const { verdict, results, sources } = renderParts(model, data, tools);
    setHtml('verdict', verdict);
    setHtml('results', results);
    setHtml('sources-part', sources);
    showCards();
  };
  const recompute = (): void => {
    try {
      model = compute(readForm(settingsForm, data));
      setHtml('status', 'Computed again with your settings.');
      settingsForm.classList.remove('wrong');
      show();
    } catch (error) {
      settingsForm.classList.add('wrong');
      setHtml('status', escapeHtml(error instanceof Error ? error.message : String(error)));
    }
  };

  wireSliders(settingsForm);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  settingsForm.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(recompute, 250);
  });
  settingsForm.addEventListener('submit', (event) => event.preventDefault());
  filterForm.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('original')?.addEventListener('click', () => {
    settingsForm.reset();
    recompute();
    setHtml('status', 'As it was made.');
  });
  filterForm.addEventListener('input', () => {
    most = cardsAtOnce;
    showCards();
  });
  more.addEventListener('click', () => {
    most += cardsAtOnce;
    showCards();
  });
  // Paper cannot be opened: what is folded is printed open, but for the samples.
  addEventListener('beforeprint', () => {
    for (const each of document.querySelectorAll<HTMLDetailsElement>('.folded, .printed, .figures'))
      each.open = true;
  });
  document.documentElement.classList.add('scripted');
  showCards();
  // For those who would rather ask by hand, in the browser's console.
  Object.assign(globalThis, { fulcrumReport: { data, rows, compute, current: () => model } });
}

function setHtml(id: string, html: string): void {
  const element = document.getElementById(id);
  if (element) element.innerHTML = html;
}

startPage();
