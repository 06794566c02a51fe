import type { Command } from 'commander';
import type { Evaluation } from '../../app/index.ts';
import { FulcrumError } from '../../core/index.ts';
import type { RunOverview, RunReport, SkippedVariant } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { inputPath, numberOption, withEvaluation } from '../evaluation-command.ts';
import { askToSpend, estimateText } from '../spending.ts';
import { registerEvalCitations } from './eval-citations.ts';
import { registerEvalDiff } from './eval-diff.ts';
import { registerEvalExport } from './eval-export.ts';
import { registerEvalFigures } from './eval-figures.ts';
import { registerEvalGate } from './eval-gate.ts';
import { registerEvalRerun } from './eval-rerun.ts';
import { registerEvalShow } from './eval-show.ts';

interface RunFlags {
  dataset: string;
  variants: string;
  split?: string;
  sample?: string;
  concurrency?: string;
  budget?: string;
  repeats?: string;
  metrics?: string;
}

/** `fulcrum eval …`: measuring variants and search on a dataset, and what to do with the runs. */
export function registerEval(program: Command): void {
  const evaluation = program.command('eval').description('measure variants, or search alone, on a dataset');
  registerRun(evaluation);
  registerRetrieval(evaluation);
  registerList(evaluation);
  registerEvalShow(evaluation);
  registerEvalDiff(evaluation);
  registerEvalRerun(evaluation);
  registerEvalGate(evaluation);
  registerEvalCitations(evaluation);
  registerEvalExport(evaluation);
  registerEvalFigures(evaluation);
  registerImport(evaluation);
}

function registerRun(evaluation: Command): void {
  evaluation
    .command('run')
    .requiredOption('--dataset <name>', 'dataset to answer')
    .requiredOption('--variants <names>', 'variants, separated by commas')
    .option('--split <split>', 'only this split: train, dev or test')
    .option('--sample <n>', 'only n samples; a larger n adds to a smaller one')
    .option('--concurrency <n>', 'answers at a time (default: 1 for work done here, 4 for remote services)')
    .option('--repeats <k>', 'answers to each sample, averaged within it (default: 1)')
    .option('--metrics <names>', 'optional metrics beside the default ones, separated by commas')
    .option(
      '--budget <usd>',
      'ask before spending more (without a terminal or with --json that is an error), and stop when answers and judges have spent it',
    )
    .description('answer every sample with every variant and score the answers')
    .addHelpText(
      'after',
      '\nFinished answers are kept: the same command again, also after it was cut short, asks only what is missing, and metrics added later judge the answers that are there. Exit status 1 when every sample of a variant failed.\n\nExamples:\n  fulcrum eval run --dataset questions --variants extract,rag --split test\n  fulcrum eval run --dataset questions --variants rag --sample 30 --repeats 3 --budget 0.50 --json',
    )
    .action(
      runCommand<RunFlags>(async (context, options) => {
        const variants = namesOption(options.variants);
        if (variants.length === 0)
          throw new FulcrumError('usage', { problem: '--variants names no variant.' });
        const skipped: SkippedVariant[] = [];
        const done = await withEvaluation(context, async (room) => {
          const runs = await room.run({
            dataset: options.dataset,
            variants,
            split: options.split,
            sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
            concurrency: numberOption('--concurrency', options.concurrency, { whole: true, least: 1 }),
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
            repeats: numberOption('--repeats', options.repeats, { whole: true, least: 1 }),
            metrics: namesOption(options.metrics),
            onEstimate: (estimate) => context.terminal.notice(estimateText(estimate)),
            onSkipped: (variant) => skipped.push(variant),
            approve: context.terminal.interactive ? askToSpend : undefined,
          });
          return {
            runs,
            reasons: context.json ? {} : await reasonsOf(room, runs),
            empty: await withoutAnswer(room, runs),
          };
        });
        const { runs, empty } = done;
        for (const { variant, id, n } of empty)
          context.terminal.notice(
            `"${variant}" gave no answer to any of ${n} samples: fulcrum eval show ${id} says why.`,
          );
        const text = await runsText(runs, skipped, done.reasons);
        return { json: { runs, skipped }, text, exit: empty.length > 0 ? 1 : 0 };
      }),
    );
}

/** Names given as `a, b`; none where the option is absent. */
function namesOption(given: string | undefined): string[] {
  return (given ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Why there is no number, of the runs with a cell that has none. */
async function reasonsOf(
  room: Evaluation,
  runs: readonly RunReport[],
): Promise<Record<string, RunOverview['reasons']>> {
  const { runsWithoutNumber } = await import('../evaluation-tables.ts');
  const reasons: Record<string, RunOverview['reasons']> = {};
  for (const { id } of runsWithoutNumber(runs)) reasons[id] = (await room.overview(id)).reasons;
  return reasons;
}

/** The runs over samples of which every one failed. */
async function withoutAnswer(room: Evaluation, runs: readonly RunReport[]): Promise<RunReport[]> {
  const empty: RunReport[] = [];
  for (const run of runs) if (run.n > 0 && !(await room.hasAnswer(run.id))) empty.push(run);
  return empty;
}

async function runsText(
  runs: readonly RunReport[],
  skipped: readonly SkippedVariant[],
  reasons: Readonly<Record<string, RunOverview['reasons']>>,
): Promise<string> {
  const lines = skipped.map(({ variant, reason }) => `Skipped ${variant}: ${reason}.`);
  if (runs.length === 0) return lines.join('\n');
  const { runsTable } = await import('../evaluation-tables.ts');
  lines.push(runsTable(runs, reasons), 'Means with 95 % intervals, clustered by group.');
  if (runs.length > 1) lines.push(`Next: fulcrum compare ${runs.map((run) => run.id).join(' ')}`);
  return lines.join('\n');
}

function registerRetrieval(evaluation: Command): void {
  evaluation
    .command('retrieval')
    .requiredOption('--dataset <name>', 'dataset whose evidence should be found')
    .option('--k <k>', 'cut-off of nDCG, recall and MRR', '10')
    .option('--split <split>', 'only this split: train, dev or test')
    .description('measure search alone: keyword, vector and hybrid')
    .addHelpText('after', '\nExample:\n  fulcrum eval retrieval --dataset scifact --k 10')
    .action(
      runCommand<{ dataset: string; k: string; split?: string }>(async (context, options) => {
        const k = numberOption('--k', options.k, { whole: true, least: 1 }) ?? 10;
        const { dataset, split } = options;
        const report = await withEvaluation(context, (room) => room.retrieval({ dataset, split, k }));
        const { retrievalTable } = await import('../evaluation-tables.ts');
        return { json: report, text: retrievalTable(report) };
      }),
    );
}

function registerList(evaluation: Command): void {
  evaluation
    .command('list')
    .description('list the runs, newest first')
    .addHelpText('after', '\nExample:\n  fulcrum eval list')
    .action(
      runCommand(async (context) => {
        const runs = await withEvaluation(context, (room) => room.listRuns());
        const { runLine } = await import('../evaluation-tables.ts');
        return { json: { runs }, text: runs.map(runLine).join('\n') || 'No runs yet.' };
      }),
    );
}

function registerImport(evaluation: Command): void {
  evaluation
    .command('import')
    .argument('<file>', 'file written by "eval export --recorded"')
    .description('take in a recorded run, to compare it here')
    .addHelpText('after', '\nExample:\n  fulcrum eval import recorded.jsonl')
    .action(
      runCommand(async (context, _options, file = '') => {
        const report = await withEvaluation(context, (room) =>
          room.importRecordedRun(inputPath(context, file)),
        );
        const { runsTable } = await import('../evaluation-tables.ts');
        return { json: { runs: [report] }, text: runsTable([report]) };
      }),
    );
}
