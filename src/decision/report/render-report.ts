import type { PriceNote } from '../cost.ts';
import type { ExplainedDecision } from '../decide.ts';
import type { Decision } from '../decision.ts';
import { dollars, figure, interval, whole } from './figures.ts';
import { plotCosts, plotDifferences, plotMeans } from './plots.ts';
import { armSentence, basis, headline, priceSentence } from './sentences.ts';
import { reportStyle } from './style.ts';

/** What a report shows beside the decision. */
export interface ReportOptions {
  readonly title?: string | undefined;
  /** Where the prices come from; the report says so when there are none. */
  readonly prices?: readonly PriceNote[] | undefined;
  /** Printed at the end, for example the command and the date. */
  readonly footer?: string | undefined;
}

/**
 * A decision as one HTML page that needs nothing else: no script, no font, no request. Everything that came from data
 * is escaped. It shows the verdict, every variant with its interval and cost, the differences, a plot of the intervals
 * and one of cost over volume, denominators, exclusions and the date and source of the prices.
 */
export async function renderReport(
  explained: ExplainedDecision,
  options: ReportOptions = {},
): Promise<string> {
  const { decision, evidence } = explained;
  const title = options.title ?? 'Fulcrum: decision';
  const [means, differences, costs] = await Promise.all([
    plotMeans(explained),
    plotDifferences(explained),
    plotCosts(explained),
  ]);
  const prices = options.prices ?? [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${decision.reason}">${escapeHtml(headline(explained))}</p>
<p>${escapeHtml(basis(explained))}</p>
${section('Variants', variantTable(decision))}
${section('Quality', plotFigure(means, 'Means with intervals that hold together. A variant passes the bar when its whole interval lies to the right of the dashed line.'))}
${section('Differences', plotFigure(differences, 'Paired differences on the same samples. A variant is not worse than another when its whole interval lies to the right of the left dashed line.') + differenceTable(explained))}
${section('Cost over volume', plotFigure(costs, costCaption(decision)))}
${section('Prices', bullets(prices.length > 0 ? prices.map(priceSentence) : ['The scores came without the date and source of their prices.']))}
${section('Samples', bullets(evidence.arms.map(armSentence)))}
${section('What to do next', bullets(decision.next))}
${decision.runs.length > 0 ? section('Runs', bullets(decision.runs)) : ''}
<footer>${escapeHtml(options.footer ?? '')}</footer>
</main>
</body>
</html>
`;
}

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function section(heading: string, content: string): string {
  return content === '' ? '' : `<section><h2>${escapeHtml(heading)}</h2>${content}</section>`;
}

function plotFigure(svg: string, caption: string): string {
  return svg === ''
    ? ''
    : `<figure><div class="plot">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function costCaption(decision: Decision): string {
  const missing = decision.variants.filter(({ costPer1000Usd }) => costPer1000Usd === null);
  const free = decision.variants.filter(({ costPer1000Usd }) => costPer1000Usd === 0);
  const left = [
    ...(missing.length > 0 ? [`Cost not known: ${missing.map(({ variant }) => variant).join(', ')}.`] : []),
    ...(free.length > 0 ? [`Costs nothing: ${free.map(({ variant }) => variant).join(', ')}.`] : []),
  ];
  return ['Measured cost of an answer times the volume; both axes are logarithmic.', ...left].join(' ');
}

function variantTable(decision: Decision): string {
  const head = [
    'Variant',
    'n',
    `Mean ${decision.metric}`,
    'Interval',
    'USD per 1,000',
    'USD a month',
    'Qualifies',
  ];
  const rows = decision.variants.map((found) => [
    found.deployable ? found.variant : `${found.variant} (diagnostic)`,
    whole(found.n),
    figure(found.mean),
    interval(found.low, found.high),
    dollars(found.costPer1000Usd),
    dollars(found.monthlyUsd),
    found.qualifies ? 'yes' : 'no',
  ]);
  return table(head, rows);
}

function differenceTable({ evidence }: ExplainedDecision): string {
  const pairs = evidence.bounds?.pairs ?? [];
  if (pairs.length === 0) return '';
  return table(
    ['Difference', 'Mean', 'Interval'],
    pairs.map((pair) => [
      `${pair.variant} − ${pair.against}`,
      figure(pair.difference),
      interval(pair.low, pair.high),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, values: readonly string[]): string =>
    values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join('');
  const body = rows.map(
    ([first, ...rest]) => `<tr><th scope="row">${escapeHtml(first ?? '')}</th>${cells('td', rest)}</tr>`,
  );
  return `<div class="scroll" tabindex="0"><table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function bullets(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}
