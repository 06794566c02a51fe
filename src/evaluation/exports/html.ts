import { type Gate, gateSentence } from '../comparison/gate.ts';
import type { MetricSummary, Run, RunReport } from '../runs/run.ts';
import { escapeHtml } from './escape-html.ts';
import { answerText, expectedText, scoreText, type ViewedResult } from './run-view.ts';

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);vertical-align:top}
details{border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.4rem 0}summary{cursor:pointer}dt{font-weight:600}dd{margin:0 0 .6rem;white-space:pre-wrap;overflow-wrap:anywhere}
.passed{border-left:.3rem solid #2a8a4a}.worse{border-left:.3rem solid #c03030}.inconclusive{border-left:.3rem solid #b07d10}.gate{padding:.6rem 1rem}blockquote{margin:.2rem 0 .2rem 1rem}`;

/**
 * One HTML page without any request to elsewhere and without a script: figures of the run, then every sample with
 * question, answer, citations and scores. All text is escaped.
 */
export async function* exportHtml(
  run: Run,
  report: RunReport,
  pages: AsyncIterable<readonly ViewedResult[]>,
  options: { metric: string; gate: Gate | null },
): AsyncGenerator<string> {
  const { metric, gate } = options;
  const title = `${run.variant} on ${run.dataset.name}`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${gate ? `<p class="gate ${gate.outcome}">${escapeHtml(gateSentence(gate))}</p>\n` : ''}<p>Run ${escapeHtml(run.id)}, ${report.n} samples${report.repeats > 1 ? `, ${report.repeats} answers to each` : ''}, ${escapeHtml(run.startedAt)}, Fulcrum ${escapeHtml(run.version)}.</p>
<table><thead><tr><th>metric</th><th>mean</th><th>95 % interval</th><th>scored</th><th>no number</th><th>errors</th></tr></thead><tbody>
${Object.entries(report.metrics)
  .map(([name, summary]) => metricRow(name, summary))
  .join('\n')}
</tbody></table>
<h2>Samples</h2>
`;
  for await (const page of pages) yield page.map((viewed) => sampleDetails(viewed, run, metric)).join('');
  yield '</body>\n</html>\n';
}

function metricRow(name: string, summary: MetricSummary): string {
  const { mean, low, high, scored, undefined: unscored, errors } = summary;
  const number = (value: number | null): string =>
    value === null ? '–' : value.toFixed(Math.abs(value) >= 100 ? 0 : 3);
  const interval = low === null ? '–' : `${number(low)} to ${number(high)}`;
  return `<tr><th>${escapeHtml(name)}</th><td>${number(mean)}</td><td>${interval}</td><td>${scored}</td><td>${unscored}</td><td>${errors}</td></tr>`;
}

function sampleDetails(viewed: ViewedResult, run: Run, metric: string): string {
  const { result, sample, answer } = viewed;
  const repetition = run.repeats === 1 ? '' : ` #${result.repetition + 1}`;
  const pairs: [string, string][] = [
    ['Question', escapeHtml(sample?.input ?? '(not at hand)')],
    ['Expected', escapeHtml(sample ? expectedText(sample) : '(not at hand)')],
    ['Answer', escapeHtml(answerText(viewed))],
  ];
  if (answer && answer.citations.length > 0)
    pairs.push([
      'Citations',
      answer.citations
        .map(
          ({ marker, uri, quote, state }) =>
            `[${marker}] ${escapeHtml(uri)} (${state})<blockquote>${escapeHtml(quote)}</blockquote>`,
        )
        .join(''),
    ]);
  pairs.push([
    'Scores',
    escapeHtml(run.metrics.map((name) => `${name} ${scoreText(result, name)}`).join('\n')),
  ]);
  const list = pairs.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('');
  return `<details><summary>${escapeHtml(result.sample)}${repetition}: ${escapeHtml(metric)} ${escapeHtml(scoreText(result, metric))}</summary><dl>${list}</dl></details>\n`;
}
