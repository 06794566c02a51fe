import type { Command } from 'commander';
import type { CoverageReport } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { addFileOptions, type FileFlags, readFileFlags } from '../dataset-options.ts';
import { percent, shown } from '../dataset-text.ts';
import { inputPath, numberOption, withEvaluation } from '../evaluation-command.ts';
import { runScores } from '../run-scores.ts';

interface CoverageFlags extends FileFlags {
  against: string;
  split?: string;
  permutations?: string;
  seed?: string;
  topics?: string;
  next?: string;
  runs?: string;
  metric: string;
  embedding: boolean;
}

/** Topics that the text shows; `--json` has all. */
const topicsShown = 15;

/** `fulcrum dataset coverage`. */
export function registerDatasetCoverage(dataset: Command): void {
  const command = dataset
    .command('coverage')
    .argument('<name>', 'name of the dataset')
    .requiredOption('--against <file>', 'questions from real use: JSON Lines, CSV, or text with one a line');
  addFileOptions(command)
    .option('--split <split>', 'which samples (default: test, or all without splits)')
    .option('--permutations <count>', 'of the two-sample test (default: 999)')
    .option('--seed <number>', 'of topics, permutations and samples (default: 1)')
    .option('--topics <count>', 'number of topics (default: by the number of rows, at most 40)')
    .option('--next <count>', 'how many rows to propose for labelling (default: 10)')
    .option('--runs <ids>', 'runs to reweight to the traffic, with commas between')
    .option('--metric <metric>', 'metric to reweight', 'correct')
    .option('--no-embedding', 'go by words, without the embedding model')
    .description('tell whether a test set looks like the traffic, and what it lacks')
    .addHelpText(
      'after',
      '\n--map group=conversation_id keeps the turns of a conversation together in the test.\n\nExamples:\n  fulcrum dataset coverage questions --against log.jsonl --map input=message,group=conversation_id\n  fulcrum dataset coverage questions --against log.csv --runs RUN1,RUN2 --metric correct',
    )
    .action(
      runCommand<CoverageFlags>(async (context, options, name = '') => {
        const { parseSplit } = await import('../../evaluation/index.ts');
        const file = await readFileFlags(options);
        const whole = (flag: string, given: string | undefined, least: number) =>
          numberOption(flag, given, { whole: true, least });
        const report = await withEvaluation(context, async (evaluation) =>
          evaluation.datasetTools.coverage({
            dataset: name,
            split: options.split === undefined ? undefined : parseSplit(options.split),
            against: { path: inputPath(context, options.against), ...file },
            embedding: options.embedding,
            permutations: whole('--permutations', options.permutations, 19) ?? 999,
            seed: whole('--seed', options.seed, 0) ?? 1,
            topics: whole('--topics', options.topics, 2),
            labelNext: whole('--next', options.next, 0) ?? 10,
            runs: await runScores(evaluation, options.runs, options.metric),
          }),
        );
        return { json: report, text: reportText(report) };
      }),
    );
}

function reportText(report: CoverageReport): string {
  const { test, traffic, topics } = report;
  const topicLines = [...topics]
    .sort((a, b) => b.trafficShare - b.sampleShare - (a.trafficShare - a.sampleShare))
    .slice(0, topicsShown)
    .map(
      ({ words, trafficShare, sampleShare, samples }) =>
        `  ${percent(trafficShare).padStart(7)} of traffic, ${percent(sampleShare).padStart(7)} of samples (${samples})  ${shown(words.join(', '), 60)}`,
    );
  return [
    `${report.samples} samples of "${report.dataset}" against ${traffic.rows} questions of ${traffic.origin}, by ${report.features === 'terms' ? 'words' : 'embeddings'}:`,
    `${test.differs ? 'They differ' : 'No difference was found'}: energy distance ${test.distance.toFixed(4)}, p ${test.p.toFixed(3)} (${test.permutations} permutations of ${traffic.blocks < traffic.rows ? 'whole conversations' : 'rows'}, seed ${report.seed}; ${test.samples} samples and ${test.rows} rows).`,
    '',
    'Topics, those that the samples lack most first:',
    ...topicLines,
    ...uncoveredText(report),
    '',
    ...nextText(report),
    `Weighted to the traffic the samples speak for ${percent(report.coveredShare)} of it and are worth ${report.effectiveN.toFixed(0)} of ${report.samples}.`,
    ...report.runs.map(
      ({ variant, metric, plain, reweighted, scored, of }) =>
        `  ${variant} ${metric}: ${intervalText(plain)} as it is, ${intervalText(reweighted)} reweighted, ${scored} of ${of} scored`,
    ),
  ].join('\n');
}

function uncoveredText({ uncovered, uncoveredShare, topics }: CoverageReport): string[] {
  if (uncovered.length === 0) return ['', 'Every topic has at least one sample.'];
  return [
    '',
    `${uncovered.length} topics have no sample (${percent(uncoveredShare)} of traffic):`,
    ...uncovered.slice(0, topicsShown).flatMap((id) => {
      const topic = topics.find((each) => each.topic === id);
      return (topic?.examples ?? []).map((example) => `  "${shown(example)}"`);
    }),
  ];
}

function nextText({ labelNext }: CoverageReport): string[] {
  if (labelNext.length === 0) return [];
  return ['Worth labelling next:', ...labelNext.map(({ row, text }) => `  row ${row}: ${shown(text)}`), ''];
}

function intervalText({ mean, low, high }: CoverageReport['runs'][number]['plain']): string {
  if (mean === null || low === null || high === null) return 'no number';
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
