import Table from 'cli-table3';
import type { CascadesReport } from '../evaluation/index.ts';

type Interval = CascadesReport['cascades'][number]['quality'];

/** One line a cascade, then how to run the best, then the pairs that have none. */
export function cascadesText({ cascades, skipped, metric, folds, confidence }: CascadesReport): string {
  const percent = Math.round(confidence * 100);
  const lines: string[] = [];
  if (cascades.length > 0) {
    const table = new Table({
      head: ['cascade', metric, 'over first', 'over second', 'escalated', '$ per 1000', 'in-sample'],
      style: { head: [], border: [] },
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    });
    for (const each of cascades)
      table.push([
        `${each.first} > ${each.other}`,
        span(each.quality),
        span(each.againstFirst),
        span(each.againstOther),
        span(each.escalated),
        each.costPer1000Usd === null ? 'unknown' : each.costPer1000Usd.toPrecision(3),
        each.inSample.toFixed(3),
      ]);
    lines.push(
      table.toString(),
      `Composites of stored results, thresholds cross-fitted in ${folds} folds by group; ${percent} % intervals, all at once.`,
      'In-sample is the mean at the threshold that is best on the same samples: it flatters, and nothing is decided on it.',
      ...cascades.map(
        ({ first, other, below }) =>
          `To run ${first} > ${other}: "variants": {"NAME": ${JSON.stringify(configOf(first, other, below))}}`,
      ),
    );
  }
  for (const { first, other, reason } of skipped) lines.push(`No cascade ${first} > ${other}: ${reason}.`);
  return lines.join('\n') || 'Fewer than two of these runs can be deployed: no cascade.';
}

function configOf(first: string, other: string, below: number): Record<string, unknown> {
  // A run of a repeated variant is named with its id, which a config does not take.
  const plain = (name: string): string => name.replace(/ \(run_[^)]*\)$/, '');
  const entries = [
    ['first', plain(first)],
    ['then', plain(other)],
    ['below', Number(below.toFixed(4))],
  ];
  return { cascade: Object.fromEntries(entries) };
}

function span({ mean, low, high }: Interval): string {
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
