import type { Command } from 'commander';
import type { GoldenReport, MetricEntry } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { inputPath } from '../evaluation-command.ts';

/** `fulcrum metrics list|verify`: what the metrics are, and whether they are what they say. */
export function registerMetrics(program: Command): void {
  const metrics = program.command('metrics').description('list the metrics, and check them against vectors');
  metrics
    .command('list')
    .description('every metric: what it means, whose definition it is, what it needs')
    .addHelpText('after', '\nExamples:\n  fulcrum metrics list\n  fulcrum metrics list --json')
    .action(
      runCommand(async () => {
        const { metricCatalogue } = await import('../../evaluation/index.ts');
        return { json: { metrics: metricCatalogue }, text: await listText(metricCatalogue) };
      }),
    );
  metrics
    .command('verify')
    .argument('<file>', 'golden vectors: {"cases": [{"id", "metric", "params", "inputs", "expected"}]}')
    .description('recompute vectors that a reference implementation made; exit 1 when one differs')
    .addHelpText(
      'after',
      '\nNumbers must agree to 1e-9, or to the tolerance that a vector states.\n\nExample:\n  fulcrum metrics verify vectors.json --json',
    )
    .action(
      runCommand(async (context, _options, file = '') => {
        const { verifyGolden } = await import('../../evaluation/index.ts');
        const report = await verifyGolden(inputPath(context, file));
        return {
          json: report,
          text: await verifyText(report),
          exit: report.failures.length > 0 ? 1 : 0,
        };
      }),
    );
}

async function listText(entries: readonly MetricEntry[]): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['metric', 'meaning', 'definition', 'range', 'better', 'of'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, meaning, reference, range, direction, of } of entries)
    table.push([
      name,
      meaning,
      reference ? `${reference.library} ${reference.version}` : 'Fulcrum',
      range.map((end) => end ?? '').join('..'),
      direction,
      of,
    ]);
  const scored = entries.filter(({ scores }) => scores).map(({ name }) => name);
  return `${table.toString()}\n"fulcrum score" takes: ${scored.join(', ')}`;
}

/** Failures that a person is shown; `--json` has all. */
const mostShown = 10;

async function verifyText({ metrics, failures }: GoldenReport): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['metric', 'passed', 'failed', 'unsupported'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [name, { passed, failed, unsupported }] of Object.entries(metrics))
    table.push([name, passed, failed, unsupported]);
  const shown = failures
    .slice(0, mostShown)
    .map(({ id, expected, got }) => `${id}: expected ${brief(expected)}, got ${brief(got)}`);
  const more = failures.length > mostShown ? [`and ${failures.length - mostShown} more; see --json`] : [];
  return [table.toString(), ...shown, ...more].join('\n');
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
