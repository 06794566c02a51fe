import { type Gate, gateSentence } from '../comparison/gate.ts';
import type { RunDifference } from '../runs/diff-runs.ts';
import type { MetricSummary, Run, RunReport } from '../runs/run.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/** Most characters of a comment on GitHub. */
const mostCharacters = 65_000;
/** Flips and characters of each text that are shown. */
const shownFlips = 20;
const shownText = 160;

/** A run against a baseline, as a comment on a pull request wants it. */
export interface MarkdownBaseline {
  readonly run: Run;
  readonly report: RunReport;
  readonly gate: Gate;
  readonly difference: RunDifference;
}

/**
 * Markdown for a comment on a pull request: the verdict first, then the metrics, then what changed, at most 65,000
 * characters. Text of users and models cannot format, link or mention.
 */
export function exportMarkdown(
  run: Run,
  report: RunReport,
  options: { metric: string; baseline: MarkdownBaseline | null },
): string {
  const { metric, baseline } = options;
  const lines = [
    `### ${escapeMarkdown(run.variant)} on ${escapeMarkdown(run.dataset.name)}${run.split === null ? '' : ` (${escapeMarkdown(run.split)})`}`,
    '',
  ];
  if (baseline) {
    const mark = { passed: '✅', worse: '❌', inconclusive: '⚠️' }[baseline.gate.outcome];
    lines.push(`${mark} ${escapeMarkdown(gateSentence(baseline.gate))}`, '');
  }
  lines.push(
    baseline ? '| metric | this run | baseline |' : '| metric | mean |',
    baseline ? '| --- | --- | --- |' : '| --- | --- |',
    ...Object.entries(report.metrics)
      .filter(([, summary]) => summary.scored > 0)
      .map(([name, summary]) => {
        const cells = [escapeMarkdown(name === metric ? `${name} (primary)` : name), figure(summary)];
        if (baseline) cells.push(figure(baseline.report.metrics[name]));
        return `| ${cells.join(' | ')} |`;
      }),
    `| cost of the run | ${usd(report.costUsd)} |${baseline ? ` ${usd(baseline.report.costUsd)} |` : ''}`,
    '',
    `${report.n} samples${report.repeats > 1 ? `, ${report.repeats} answers to each` : ''}; 95 % intervals, clustered by group. Run \`${run.id}\`.`,
  );
  if (baseline) lines.push('', ...flipLines(baseline.difference));
  let text = `${lines.join('\n')}\n`;
  if (text.length > mostCharacters) text = `${text.slice(0, text.lastIndexOf('\n', mostCharacters))}\n…\n`;
  return text;
}

function flipLines({ improved, regressed, same, flips }: RunDifference): string[] {
  const head = `${regressed} samples got worse, ${improved} better, ${same} stayed the same.`;
  const told = flips.filter(({ change }) => change === 'regressed' || change === 'improved');
  if (told.length === 0) return [head];
  return [
    `<details><summary>${head}</summary>`,
    '',
    '| sample | change | question | before | after |',
    '| --- | --- | --- | --- | --- |',
    ...told
      .slice(0, shownFlips)
      .map(
        ({ sample, change, input, answers: [was, is] }) =>
          `| ${escapeMarkdown(sample)} | ${change} | ${short(input)} | ${short(was?.answer)} | ${short(is?.answer)} |`,
      ),
    ...(told.length > shownFlips ? ['', `and ${told.length - shownFlips} more`] : []),
    '',
    '</details>',
  ];
}

function figure(summary: MetricSummary | undefined): string {
  if (!summary || summary.mean === null) return 'no number';
  const { mean, low, high, scored } = summary;
  const interval = low === null || high === null ? '' : ` [${amount(low)}, ${amount(high)}]`;
  return `${amount(mean)}${interval} of ${scored}`;
}

/** Three decimals, or two significant digits of what they would make 0.00 of. */
function amount(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size > 0 && size < 0.01 ? String(Number(value.toPrecision(2))) : value.toFixed(3);
}

function usd(cost: number | null): string {
  return cost === null ? 'unknown' : `$${amount(cost)}`;
}

function short(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const flat = text.replace(/\s+/g, ' ').trim();
  return escapeMarkdown(flat.length > shownText ? `${flat.slice(0, shownText).toWellFormed()}…` : flat);
}
