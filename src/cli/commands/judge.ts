import type { Command } from 'commander';
import type { Judging } from '../../app/index.ts';
import { FulcrumError, suggest } from '../../core/index.ts';
import type { CellVerdict, MutationName, ScoreRow } from '../../evaluation/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath, numberOption, withEvaluation } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum judge calibrate|noise|mutate|pairwise|show|overrule`: how far judges and scorers can be believed. */
export function registerJudge(program: Command): void {
  const judge = program.command('judge').description('how far scorers and judges can be believed');
  registerCalibrate(judge);
  registerNoise(judge);
  registerMutate(judge);
  registerPairwise(judge);
  registerShow(judge);
  registerOverrule(judge);
}

function registerCalibrate(judge: Command): void {
  judge
    .command('calibrate')
    .argument('[runs...]', 'ids of runs that the metric was scored in')
    .requiredOption('--labels <file>', 'JSON Lines of labels by people: {"sample", "variant", "label"}')
    .requiredOption('--metric <name>', "the judge's metric; higher must be better")
    .option('--scores <file>', 'JSON Lines of scores made by anything, in place of runs; needs no project')
    .option('--threshold <t>', 'a score from here on counts as good', '0.5')
    .description('set a judge beside labels by people, and correct what it says by what it gets wrong')
    .addHelpText(
      'after',
      '\nPrints sensitivity, specificity and kappa, the corrected rate of each variant, and the difference of two variants as people would see it.\n\nExamples:\n  fulcrum judge calibrate run_a run_b --labels labels.jsonl --metric helpful@strict\n  fulcrum judge calibrate --scores scores.jsonl --labels labels.jsonl --metric judge --json',
    )
    .action(
      runCommand<{ labels: string; metric: string; scores?: string; threshold: string }>(
        async (context, options, ...runs) => {
          const { calibrateJudge, readJudgeLabels, readScores } = await import('../../evaluation/index.ts');
          if ((options.scores === undefined) === (runs.length === 0))
            throw new FulcrumError('usage', { problem: 'Give ids of runs, or --scores FILE, and not both.' });
          const labels = await readJudgeLabels(inputPath(context, options.labels));
          const rows: readonly ScoreRow[] =
            options.scores === undefined
              ? await withEvaluation(context, (room) => room.scoreRows(runs, options.metric))
              : await readScores(inputPath(context, options.scores));
          const threshold = numberOption('--threshold', options.threshold, { whole: false, least: 0 });
          const found = calibrateJudge({ rows, labels, metric: options.metric, threshold });
          const { calibrationText } = await import('../judge-tables.ts');
          return { json: found, text: calibrationText(found) };
        },
      ),
    );
}

function registerNoise(judge: Command): void {
  judge
    .command('noise')
    .argument('<run>', 'id of the run whose answers are judged again')
    .requiredOption('--metric <name>', "the judge's metric, from the scorers of the config")
    .option('--repeats <n>', 'judgements of each answer', '3')
    .option('--sample <n>', 'only the first n answers')
    .option('--budget <usd>', 'stop when judging has cost so much; what was judged is kept')
    .description('judge the same answers again: which differences are nothing but noise')
    .addHelpText(
      'after',
      '\nExample:\n  fulcrum judge noise RUN --metric helpful@strict --repeats 3 --sample 50',
    )
    .action(
      runCommand<{ metric: string; repeats: string; sample?: string; budget?: string }>(
        async (context, options, run = '') => {
          const repeats = numberOption('--repeats', options.repeats, { whole: true, least: 2 }) ?? 3;
          const sample = sampleOption(options.sample);
          const { metric } = options;
          const noise = await withJudging(context, (room) =>
            room.noise({ run, metric, repeats, sample, budget: budgetOption(options.budget) }),
          );
          const { noiseText } = await import('../judge-tables.ts');
          return { json: { run, metric, noise }, text: noiseText(metric, noise) };
        },
      ),
    );
}

function registerMutate(judge: Command): void {
  judge
    .command('mutate')
    .option('--run <run>', 'harm the answers of this run')
    .option('--dataset <name>', 'harm the references of this dataset')
    .requiredOption('--metrics <names>', 'metrics to test, separated by commas')
    .option('--mutations <names>', 'only these: numbers, negations, names, order, citations')
    .option('--sample <n>', 'only n answers')
    .option('--budget <usd>', 'stop when judging has cost so much; what was judged is kept')
    .description('harm right answers on purpose, and count what each scorer overlooks')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum judge mutate --dataset questions --metrics correct,token-f1\n  fulcrum judge mutate --run RUN --metrics ragas-0.4.3.faithfulness@lexical --mutations numbers,negations',
    )
    .action(
      runCommand<{
        run?: string;
        dataset?: string;
        metrics: string;
        mutations?: string;
        sample?: string;
        budget?: string;
      }>(async (context, { run, dataset, ...options }) => {
        if ((run === undefined) === (dataset === undefined))
          throw new FulcrumError('usage', { problem: 'Give --run or --dataset, and not both.' });
        const { mutations } = await import('../../evaluation/index.ts');
        const names = await mutationNamesOf(options.mutations);
        const results = await withJudging(context, (room) =>
          room.mutate({
            run,
            dataset,
            metrics: listOf(options.metrics),
            mutations: names,
            sample: sampleOption(options.sample),
            budget: budgetOption(options.budget),
          }),
        );
        const { mutationText } = await import('../judge-tables.ts');
        const described = new Map(mutations.map(({ name, description }) => [name as string, description]));
        return { json: { results }, text: mutationText(results, described) };
      }),
    );
}

function registerPairwise(judge: Command): void {
  judge
    .command('pairwise')
    .argument('<run-a>', 'id of a run')
    .argument('<run-b>', 'id of another run of the same dataset')
    .requiredOption('--judge <name>', 'judge of the config')
    .requiredOption('--criterion <text>', 'what "better" means, in one sentence')
    .option('--sample <n>', 'only the first n samples')
    .option('--budget <usd>', 'stop when judging has cost so much; what was judged is kept')
    .description('set the answers of two runs side by side, blind and in both orders')
    .addHelpText(
      'after',
      '\nExample:\n  fulcrum judge pairwise RUN_A RUN_B --judge strict --criterion "Answers the question without detours"',
    )
    .action(
      runCommand<{ judge: string; criterion: string; sample?: string; budget?: string }>(
        async (context, options, a = '', b = '') => {
          const { judge: name, criterion } = options;
          const sample = sampleOption(options.sample);
          const report = await withJudging(context, (room) =>
            room.pairwise({
              runs: [a, b],
              judge: name,
              criterion,
              sample,
              budget: budgetOption(options.budget),
            }),
          );
          const { pairwiseText } = await import('../judge-tables.ts');
          return { json: { a, b, ...report }, text: pairwiseText(report, [a, b]) };
        },
      ),
    );
}

function registerShow(judge: Command): void {
  judge
    .command('show')
    .argument('<run>', 'id of the run')
    .option('--sample <id>', 'the claims and reasons of this sample')
    .description('what judges said in a run, why there is no score, and what they took')
    .addHelpText('after', '\nExamples:\n  fulcrum judge show RUN\n  fulcrum judge show RUN --sample q7')
    .action(
      runCommand<{ sample?: string }>(async (context, options, run = '') => {
        const { createJudgedMetrics } = await import('../judge-tables.ts');
        if (options.sample !== undefined) {
          const sample = options.sample;
          const { views } = await withEvaluation(context, (room) => room.runs.showSample(run, sample));
          const scores = Object.fromEntries(
            Object.entries(views[0]?.result.scores ?? {}).filter(([metric]) => /@[^\d]/.test(metric)),
          );
          return { json: { run, sample, scores }, text: JSON.stringify(scores, null, 2) };
        }
        const judged = createJudgedMetrics();
        await withEvaluation(context, async (room) => {
          for await (const page of room.results(run)) for (const { scores } of page) judged.add(scores);
        });
        const metrics = judged.metrics();
        const lines = metrics.map(({ metric, scored, of, reasons, spent }) => {
          const none = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
          const price =
            spent.calls > 0
              ? `; ${spent.calls} calls, ${spent.inputTokens} + ${spent.outputTokens} tokens, $${spent.usd.toFixed(4)}`
              : '';
          return `${metric}: ${scored} of ${of} scored${none.length > 0 ? ` (${none.join(', ')})` : ''}${price}`;
        });
        return { json: { run, metrics }, text: lines.join('\n') || 'Nothing was judged in this run.' };
      }),
    );
}

function registerOverrule(judge: Command): void {
  judge
    .command('overrule')
    .argument('<run>', 'id of the run')
    .requiredOption('--sample <id>', 'sample whose answer the claim is of')
    .requiredOption('--claim <text>', 'the claim, as "judge show RUN --sample ID" prints it')
    .option('--against <text>', 'contexts, context:N, reference or answer', 'contexts')
    .option('--verdict <verdict>', 'supported, contradicted or not-stated')
    .option('--withdraw', "take a person's verdict back")
    .option('--by <name>', 'who says so', 'human')
    .option('--note <text>', 'why', '')
    .description("put a person's verdict on a claim over every judge's")
    .addHelpText(
      'after',
      '\nThe next "eval run" uses it: answers and all other verdicts are kept, nothing is paid for again.\n\nExample:\n  fulcrum judge overrule RUN --sample q7 --claim "It takes 3 days." --verdict supported --by ann',
    )
    .action(
      runCommand<{
        sample: string;
        claim: string;
        against: string;
        verdict?: string;
        withdraw?: boolean;
        by: string;
        note: string;
      }>(async (context, options, run = '') => {
        const verdict = await verdictOf(options);
        const { sample, claim, against, by: rater, note } = options;
        const done = await withJudging(context, (room) =>
          room.overrule({ run, sample, claim, against, verdict, rater, note }),
        );
        const text =
          verdict === null
            ? done.changed
              ? 'Withdrawn.'
              : 'There was no verdict of a person.'
            : `Kept: ${verdict}.`;
        return { json: done, text };
      }),
    );
}

async function verdictOf(options: { verdict?: string; withdraw?: boolean }): Promise<CellVerdict | null> {
  if (options.withdraw && options.verdict === undefined) return null;
  const { cellVerdicts } = await import('../../evaluation/index.ts');
  const verdict = cellVerdicts.find((each) => each === options.verdict);
  if (verdict && !options.withdraw) return verdict;
  throw new FulcrumError('usage', { problem: `Give --verdict ${cellVerdicts.join(', ')}, or --withdraw.` });
}

async function mutationNamesOf(given: string | undefined): Promise<MutationName[] | undefined> {
  if (given === undefined) return undefined;
  const { mutationNames } = await import('../../evaluation/index.ts');
  return listOf(given).map((name) => {
    const found = mutationNames.find((each) => each === name);
    if (found) return found;
    throw new FulcrumError('usage', {
      problem: `There is no mutation "${name}". ${suggest(name, mutationNames)}`,
    });
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function sampleOption(given: string | undefined): number | undefined {
  return numberOption('--sample', given, { whole: true, least: 1 });
}

function budgetOption(given: string | undefined): number | undefined {
  return numberOption('--budget', given, { whole: false, least: 0 });
}

/** Runs work with the judges of the project; what they took is told at the end. */
async function withJudging<T>(context: CommandContext, work: (judging: Judging) => Promise<T>): Promise<T> {
  return withCommandProject(context, async (project) => {
    const judging = await project.judging();
    try {
      return await work(judging);
    } finally {
      for (const line of judging.spendingLines()) context.terminal.notice(line);
    }
  });
}
