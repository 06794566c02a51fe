import { escapeHtml } from '../../evaluation/index.ts';
import type { PlotTools } from './plots.ts';
import { referencesOf } from './references.ts';
import { renderSections } from './render-blocks.ts';
import { cellHtml } from './render-cell.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import { reportSections } from './report-sections.ts';
import { verdictOfReport } from './verdict.ts';

/** The parts of a page that are written again when a setting changes, by the ids of the elements that hold them; all that comes from data is escaped. */
export interface RenderedParts {
  /** The verdict with the few figures that matter most. */
  readonly verdict: string;
  readonly results: string;
  /** What is behind the numbers; it stands after the samples. */
  readonly sources: string;
}

export function renderParts(model: ReportModel, data: ReportData, tools: PlotTools): RenderedParts {
  const sections = reportSections(model, data);
  const last = sections.filter(({ id }) => sourceIds.includes(id));
  const links = [
    ...sections.filter((section) => !last.includes(section)),
    ...(model.closer ? [{ id: 'samples', heading: 'Samples side by side' }] : []),
    ...last,
  ].map(({ id, heading }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(heading)}</a></li>`);
  return {
    verdict: renderVerdict(model, data),
    results: `<nav aria-label="On this page"><ul>${links.join('')}</ul></nav>\n${renderSections(
      sections.filter((section) => !last.includes(section)),
      tools,
    )}`,
    sources: renderSections(last, tools),
  };
}

const sourceIds = ['sources', 'costs'];

function renderVerdict(model: ReportModel, data: ReportData): string {
  const { tone, sentences, glance } = verdictOfReport(model, referencesOf(data));
  const said = sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('');
  const items = glance.map(
    ({ label, cell, note }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd><strong>${cellHtml(cell)}</strong>${note === '' ? '' : `<span>${escapeHtml(note)}</span>`}</dd></div>`,
  );
  return `<div class="verdict ${tone}">${said}</div>${items.length === 0 ? '' : `<dl class="glance">${items.join('')}</dl>`}`;
}
