import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { LeakageReport } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import {
  addFileOptions,
  collect,
  type FileFlags,
  readFileFlags,
  rowsRequest,
  shareOption,
} from '../dataset-options.ts';
import { percent, shown } from '../dataset-text.ts';
import { withEvaluation } from '../evaluation-command.ts';
import { runScores } from '../run-scores.ts';

interface CheckFlags extends FileFlags {
  train?: string[];
  fewShot?: string[];
  againstCorpus?: boolean;
  split?: string;
  jaccard?: string;
  cosine?: string;
  maxLeak?: string;
  embedding: boolean;
  runs?: string;
  metric: string;
}

/** Leaks that the text shows; `--json` has all. */
const leaksShown = 20;

/** `fulcrum dataset check`. */
export function registerDatasetCheck(dataset: Command): void {
  const command = dataset
    .command('check')
    .argument('<name>', 'name of the dataset')
    .option('--train <file>', 'training rows: a file or another dataset; may be given several times', collect)
    .option('--few-shot <file>', 'few-shot samples: a file or another dataset', collect)
    .option('--against-corpus', 'also look for test questions in the documents');
  addFileOptions(command)
    .option('--split <split>', 'which samples are the test (default: test, or all without splits)')
    .option('--jaccard <share>', 'similarity of 5-grams from which two questions are one (default: 0.8)')
    .option('--cosine <share>', 'cosine of embeddings from which two questions are one (default: 0.95)')
    .option('--max-leak <share>', 'share of test samples that may be leaked (default: 0)')
    .option('--runs <ids>', 'runs to tell apart by near and far samples, with commas between')
    .option('--metric <metric>', 'metric of these runs', 'correct')
    .option('--no-embedding', 'leave the embedding model out')
    .description('look for test samples among training rows, few-shot samples and the corpus')
    .addHelpText(
      'after',
      '\nWithout --train the train and dev samples of the dataset itself are taken. --format, --map and --delimiter say how the\nfiles are read. With labels the memoriser probe tells what looking up the nearest training row would score.\nExit status 1 when more than --max-leak of the test samples are leaked.\n\nExamples:\n  fulcrum dataset check questions --against-corpus\n  fulcrum dataset check intents-test --train train.csv --map input=text,label=category --max-leak 0.05',
    )
    .action(
      runCommand<CheckFlags>(async (context, options, name = '') => {
        const { defaultThresholds, parseSplit } = await import('../../evaluation/index.ts');
        const file = await readFileFlags(options);
        const rows = (names: readonly string[] = []) => names.map((each) => rowsRequest(context, each, file));
        const jaccard = shareOption('--jaccard', options.jaccard) ?? defaultThresholds.jaccard;
        if (jaccard === 0) throw new FulcrumError('usage', { problem: '--jaccard must be above 0.' });
        const report = await withEvaluation(context, async (evaluation) =>
          evaluation.datasetTools.check({
            dataset: name,
            split: options.split === undefined ? undefined : parseSplit(options.split),
            train: rows(options.train),
            fewShot: rows(options.fewShot),
            againstCorpus: options.againstCorpus === true,
            embedding: options.embedding,
            thresholds: {
              jaccard,
              cosine: shareOption('--cosine', options.cosine) ?? defaultThresholds.cosine,
            },
            maxLeak: shareOption('--max-leak', options.maxLeak) ?? 0,
            runs: await runScores(evaluation, options.runs, options.metric),
          }),
        );
        return { json: report, text: reportText(report), exit: report.passed ? 0 : 1 };
      }),
    );
}

function reportText(report: LeakageReport): string {
  const against = report.against.map(({ origin, rows }) => `${origin} (${rows})`).join(', ');
  const methods = report.methods.map(({ method, threshold, skipped, samples, pairs }) => {
    const name = `${method}${threshold === null ? '' : ` from ${threshold}`}`.padEnd(22);
    return skipped === null ? `  ${name}${samples} samples, ${pairs} pairs` : `  ${name}not done: ${skipped}`;
  });
  const leaks = report.leaks.map(
    ({ sample, origin, row, method, similarity }) =>
      `  ${shown(sample, 30)}  ${shown(origin, 40)}${row === null ? '' : ` row ${row}`}  ${method} ${similarity.toFixed(2)}`,
  );
  return [
    `${report.samples} test samples of "${report.dataset}" against ${against || 'nothing'}:`,
    ...methods,
    ...memoriserText(report),
    ...runsText(report),
    ...leaks.slice(0, leaksShown),
    ...(leaks.length > leaksShown ? [`  and ${leaks.length - leaksShown} more; --json has them`] : []),
    report.against.length === 0
      ? 'Nothing was looked at: the dataset has no train or dev samples. Name rows with --train or --few-shot, or add --against-corpus.'
      : `${report.passed ? 'Passed' : 'Failed'}: ${report.leakedSamples} of ${report.samples} test samples are leaked (${percent(report.leakedShare)}; at most ${percent(report.maxLeak)} allowed).`,
  ].join('\n');
}

function runsText({ runs }: LeakageReport): string[] {
  return runs.map(({ variant, metric, bands }) => {
    const figures = bands.map(({ band, scored, mean, low, high }) =>
      mean === null || low === null || high === null
        ? `${band} no number`
        : `${band} ${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] of ${scored}`,
    );
    return `  ${shown(variant, 20).padEnd(22)}${metric}: ${figures.join('; ')}`;
  });
}

function memoriserText({ memoriser }: LeakageReport): string[] {
  if ('skipped' in memoriser) return [`  memoriser             not done: ${memoriser.skipped}`];
  const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
  const bands = memoriser.bands.map(
    ({ band, n, accuracy, low, high }) =>
      `${band} ${figure(accuracy)} [${figure(low)}, ${figure(high)}] of ${n}`,
  );
  return [
    `  memoriser             right for ${figure(memoriser.accuracy)} of ${memoriser.n}: ${bands.join('; ')}`,
    '                        a tuned model that beats this only where rows are near has learnt them by heart',
  ];
}
