import type { Command } from 'commander';
import { FulcrumError, type Score } from '../../core/index.ts';
import type { ScoreOutput, Scorer } from '../../evaluation/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface ScoreFlags {
  metrics: string;
  perSample?: boolean;
}

/** `fulcrum score`: judges outputs that anything made; generates nothing and needs no project; the scorers of one may be named. */
export function registerScore(program: Command): void {
  program
    .command('score')
    .argument('<file>', 'JSON Lines: {"id", "output", "input"?, "reference"?, "references"?, "facts"?, …}')
    .option('--metrics <names>', 'metrics, separated by commas ("fulcrum metrics list")', 'correct,token-f1')
    .option('--per-sample', 'also the scores of every row')
    .description('score outputs made by anything against references, facts, labels or evidence')
    .addHelpText(
      'after',
      '\nOther members: "mustNot", "maxWords", "label", "contexts", "evidence", "answerable", "refused", "error", "group".\nIn a project the scorers of its config may be named too (docs/scorers.md), but not those in which a model judges.\n\nExamples:\n  fulcrum score outputs.jsonl\n  fulcrum score outputs.jsonl --metrics bleu,chrf,rouge-l --json\n  fulcrum score outputs.jsonl --metrics accuracy,macro-f1,mcc --per-sample --json',
    )
    .action(
      runCommand<ScoreFlags>(async (context, options, file = '') => {
        const metrics = options.metrics
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '');
        if (metrics.length === 0) throw new FulcrumError('usage', { problem: '--metrics names no metric.' });
        const { scoreOutputs } = await import('../../evaluation/index.ts');
        const samples: { id: string; scores: Readonly<Record<string, Score>> }[] = [];
        const output = await withScorers(context, (scorers) =>
          scoreOutputs(inputPath(context, file), {
            metrics,
            scorers,
            onProgress: context.terminal.onProgress,
            signal: context.signal,
            ...(options.perSample ? { onSample: (id, scores) => void samples.push({ id, scores }) } : {}),
          }),
        );
        const { n } = output;
        const goldless = Object.values(output.metrics).every(
          ({ scored, undefined: none }) => scored === 0 && (none['no-gold'] ?? 0) === n,
        );
        if (n > 0 && goldless)
          context.terminal.notice(
            'No row has a reference, facts or a label. Where a dataset of the project has them: fulcrum variants add NAME --recorded FILE, then fulcrum eval run.',
          );
        return {
          json: options.perSample ? { ...output, samples } : output,
          text: [await summaryTable(output), ...samples.map(sampleLine)].join('\n'),
        };
      }),
    );
}

/** Works with the scorers in the config where there is a project; the command needs none. */
async function withScorers<T>(
  context: CommandContext,
  work: (scorers: readonly Scorer[]) => Promise<T>,
): Promise<T> {
  const { configuredScorers, findConfig } = await import('../../app/index.ts');
  if (!findConfig(context.projectDirectory)) return work([]);
  const { createScorers } = await import('../../evaluation/index.ts');
  return withCommandProject(context, async (project) =>
    work(await configuredScorers(project, createScorers())),
  );
}

async function summaryTable({ n, metrics }: ScoreOutput): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['metric', 'value', '95 % interval', `of ${n} rows`, 'no number'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [name, metric] of Object.entries(metrics)) {
    const { mean, low, high, scored, errors } = metric;
    const reasons = [...Object.entries(metric.undefined), ...(errors > 0 ? [['errors', errors]] : [])];
    table.push([
      name,
      mean === null ? 'no number' : figure(mean),
      low === null || high === null ? '' : `[${figure(low)}, ${figure(high)}]`,
      `${scored}${metric.of === 'corpus' ? ' together' : ''}`,
      reasons.map(([reason, count]) => `${reason} ${count}`).join(', '),
    ]);
  }
  const signatures = Object.entries(metrics).flatMap(([name, { signature }]) =>
    signature === undefined ? [] : [`${name}: ${signature}`],
  );
  return [table.toString(), ...signatures].join('\n');
}

function sampleLine({ id, scores }: { id: string; scores: Readonly<Record<string, Score>> }): string {
  const cells = Object.entries(scores).map(([name, score]) => {
    if (score.status === 'scored') return `${name} ${figure(score.value)}`;
    return `${name} ${score.status === 'undefined' ? score.reason : 'error'}`;
  });
  return `${id}  ${cells.join('  ')}`;
}

const figure = (value: number): string => value.toFixed(3);
