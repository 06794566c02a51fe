import { createHash } from 'node:crypto';
import { escapeHtml } from '../../evaluation/index.ts';
import { loadPageScript } from './page-script.ts';
import type { PlotTools } from './plots.ts';
import { renderParts } from './render-results.ts';
import { packReport, type ReportData, type ReportInput, surroundingsOf, unpackRows } from './report-data.ts';
import { renderCardForm, renderForm } from './report-form.ts';
import { modelReport, type ReportModel } from './report-model.ts';
import { renderCards } from './sample-cards.ts';
import { reportStyle } from './style.ts';

/** Samples that are opened to a reader whose browser runs no script. */
const cardsWithoutScript = 20;

/**
 * A comparison or decision as one HTML page that needs nothing else and asks nothing of anyone. It carries its rows and the
 * statistics that judged them, so that a reader can change margin, confidence, bar, prices and weights and see the verdict
 * computed again offline; without scripts it reads the same, as it was made. Everything that came from data is escaped, and the
 * page's own policy allows the one script that is in it and no request. Throws what `compareVariants` and `explainDecision` throw.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const data = packReport(input);
  const model = modelReport(unpackRows(data), data.basis, data.settings, surroundingsOf(data));
  const { verdict, results, sources } = renderParts(model, data, await plotTools());
  const script = (await loadPageScript()).replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const hash = createHash('sha256').update(script).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(data.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(data.title)}</h1>
<div id="verdict" aria-live="polite">${verdict}</div>
${renderForm(data, model)}
<div id="results">${results}</div>
${sampleSection(data, model)}
<div id="sources-part">${sources}</div>
<footer>${escapeHtml(data.footer)}</footer>
</main>
<script type="application/json" id="report-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

function sampleSection(data: ReportData, { closer }: ReportModel): string {
  if (!closer) return '';
  const { flips } = closer;
  const filter = { show: 'differing', search: '', most: cardsWithoutScript } as const;
  const { html, found } = renderCards(data, { ...filter, pair: [flips.variant, flips.against] });
  const left = data.withoutTexts > 0 ? ` Texts of ${data.withoutTexts} samples are not in the page.` : '';
  return `<section id="samples"><h2>Samples side by side</h2>
<p class="note">Largest differences first; open one to read it. Marked: <ins>what the first says and the second does not</ins>, <del>what only the second says</del>.${escapeHtml(left)}</p>
${renderCardForm()}
<div id="cards">${html}</div>
<p><button type="button" id="more"${found > cardsWithoutScript ? '' : ' hidden'}>Show more (${found - cardsWithoutScript} left)</button></p>
</section>`;
}

/** The two libraries that draw where there is no browser; loaded when a report is made. */
async function plotTools(): Promise<PlotTools> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return { Plot, document };
}
