import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { RunEstimate } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { inputPath, numberOption, withEvaluation } from '../evaluation-command.ts';
import { registerEvalFigures } from './eval-figures.ts';

interface RunFlags {
  dataset: string;
  variants: string;
  split?: string;
  sample?: string;
  concurrency?: string;
  budget?: string;
}

/** `fulcrum eval run|retrieval|list|show|figures|export|import`: measuring variants and search on a dataset. */
export function registerEval(program: Command): void {
  const evaluation = program.command('eval').description('measure variants, or search alone, on a dataset');
  registerRun(evaluation);
  registerRetrieval(evaluation);
  registerList(evaluation);
  registerShow(evaluation);
  registerEvalFigures(evaluation);
  registerExport(evaluation);
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
    .option('--budget <usd>', 'ask before spending more; without a terminal or with --json that is an error')
    .description('answer every sample with every variant and score the answers')
    .addHelpText(
      'after',
      '\nFinished answers are kept: the same command again, also after it was cut short, asks only what is missing.\n\nExamples:\n  fulcrum eval run --dataset questions --variants extract,rag --split test\n  fulcrum eval run --dataset questions --variants rag --sample 30 --budget 0.50 --json',
    )
    .action(
      runCommand<RunFlags>(async (context, options) => {
        const variants = options.variants
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '');
        if (variants.length === 0)
          throw new FulcrumError('usage', { problem: '--variants names no variant.' });
        const runs = await withEvaluation(context, (room) =>
          room.run({
            dataset: options.dataset,
            variants,
            split: options.split,
            sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
            concurrency: numberOption('--concurrency', options.concurrency, { whole: true, least: 1 }),
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
            onEstimate: (estimate) => context.terminal.notice(estimateText(estimate)),
            approve: context.terminal.interactive ? askToSpend : undefined,
          }),
        );
        const { runsTable } = await import('../evaluation-tables.ts');
        const ids = runs.map((run) => run.id).join(' ');
        return {
          json: { runs },
          text: `${runsTable(runs)}\nMeans with 95 % intervals, clustered by group.${runs.length > 1 ? `\nNext: fulcrum compare ${ids}` : ''}`,
        };
      }),
    );
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

function registerShow(evaluation: Command): void {
  evaluation
    .command('show')
    .argument('<run>', 'id of the run')
    .option('--by-tag <metric>', 'also the mean of this metric for each tag of the samples')
    .description('show a run: what it measured and how it was made; with --json every sample')
    .addHelpText('after', '\nExamples:\n  fulcrum eval show RUN\n  fulcrum eval show RUN --by-tag correct')
    .action(
      runCommand<{ byTag?: string }>(async (context, options, id = '') => {
        const metric = options.byTag;
        const { run, report, results } = await withEvaluation(context, async (room) => {
          if (metric !== undefined) room.requireMetric(metric);
          return room.getRun(id);
        });
        const { summariseByTag } = await import('../../evaluation/index.ts');
        const { runLine, runsTable, summaryText } = await import('../evaluation-tables.ts');
        const tags = metric === undefined ? [] : summariseByTag(results, metric);
        const text = [
          runLine(run),
          `dataset hash ${run.dataset.hash}`,
          `definition ${JSON.stringify(run.definition)}`,
          `Fulcrum ${run.version}, Node ${run.node}, ${run.concurrency} at a time`,
          runsTable([report]),
          ...tags.map(({ tag, summary }) => `${metric} of ${tag}: ${summaryText(summary)}`),
          ...results.flatMap(({ sample, error }) =>
            error ? [`${sample}: ${error.code}: ${error.message}`] : [],
          ),
        ].join('\n');
        return { json: { run, report, results, ...(metric === undefined ? {} : { tags }) }, text };
      }),
    );
}

function registerExport(evaluation: Command): void {
  evaluation
    .command('export')
    .argument('<run>', 'id of the run')
    .option('--out <file>', 'where to write (default: stdout)')
    .option('--recorded', 'scores, usage and hashes without the text of answers, for "eval import"')
    .description('write a run as JSON Lines; the same work gives the same file')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum eval export RUN --out run.jsonl\n  fulcrum eval export RUN --recorded --out recorded.jsonl',
    )
    .action(
      runCommand<{ out?: string; recorded?: boolean }>(async (context, options, id = '') => {
        const lines = await withEvaluation(context, (room) =>
          options.recorded ? room.exportRecordedRun(id) : room.exportRun(id),
        );
        if (options.out === undefined) {
          const rows = lines
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown);
          return { json: { run: id, rows }, text: lines };
        }
        const { resolve } = await import('node:path');
        const { writeAtomically } = await import('../../app/index.ts');
        const path = resolve(options.out);
        await writeAtomically(path, lines);
        return { json: { run: id, path }, text: `Wrote ${path}.` };
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

/** What a run may cost, in one line. */
export function estimateText({ answers, cached, usd, unknown }: RunEstimate): string {
  const there = cached > 0 ? `, ${cached} there already` : '';
  const more = unknown > 0 ? `, and ${unknown} answers whose price is unknown` : '';
  return `${answers} answers to get${there}; at most $${usd.toFixed(4)}${more}.`;
}

/** Asks at the terminal whether to spend more than the budget. */
export async function askToSpend(estimate: RunEstimate): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const message = `This is above the budget: at most $${estimate.usd.toFixed(4)}. Spend it?`;
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}
