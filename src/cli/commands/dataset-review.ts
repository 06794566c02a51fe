import type { Command } from 'commander';
import type { LabelingSession, ReviewRoom, ReviewSession } from '../../app/index.ts';
import { FulcrumError } from '../../core/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { inputPath, numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface ReviewFlags {
  rater?: string;
  export?: string;
  import?: string;
  results?: boolean;
  labels?: string;
  apply?: boolean;
  as?: string;
  keepOpen?: boolean;
  runs?: string;
  random?: string;
  limit?: string;
  seed?: string;
}

/** `fulcrum dataset review`: people decide on samples and on answers. */
export function registerDatasetReview(dataset: Command): void {
  dataset
    .command('review')
    .argument('<name>', 'name of the dataset')
    .option('--rater <name>', 'who decides; raters do not see each other (default: first)')
    .option('--export <file>', 'write what is open to JSON Lines, to decide elsewhere')
    .option('--import <file>', 'take decisions from such a file')
    .option('--results', 'show progress, agreement between raters, and label suspects or estimates')
    .option('--apply', 'make a new dataset of what was accepted or edited')
    .option('--as <name>', 'with --apply: name of the new dataset')
    .option('--keep-open', 'with --apply: keep also what nobody decided on')
    .option('--runs <runs>', 'label the answers of these runs instead, where they differ first')
    .option('--labels <file>', 'with --runs: write what was labelled, for "judge calibrate --labels"')
    .option('--random <n>', 'with --runs: samples with equal answers, drawn for the level (default: 20)')
    .option('--limit <n>', 'with --runs: most samples with different answers (default: all)')
    .option('--seed <text>', 'with --runs: chooses what is drawn')
    .description('decide on samples one by one, or label answers of runs; every decision is kept at once')
    .addHelpText(
      'after',
      "\nOn a terminal it asks; with --json it prints the queue. Decisions of others are never shown, names of variants neither.\nWith --apply and --rater only that one's word counts; without, samples on which raters differ are left out and named.\n\nExamples:\n  fulcrum dataset review made\n  fulcrum dataset review made --rater second\n  fulcrum dataset review made --results\n  fulcrum dataset review made --apply --as trusted\n  fulcrum dataset review made --export todo.jsonl --rater second\n  fulcrum dataset review trusted --runs RUN,RUN --random 20",
    )
    .action(runCommand<ReviewFlags>(review));
}

async function review(context: CommandContext, options: ReviewFlags, name = ''): Promise<CommandResult> {
  refuseMixedFlags(options);
  return withCommandProject(context, async (project) => {
    const room = await project.review();
    if (options.runs !== undefined) return labelAnswers(context, options, name, room);
    if (options.apply) return applyDecisions(options, name, room);
    if (options.results) return showResults(name, room);
    return reviewSamples(context, options, name, await room.open(name, raterOf(options)));
  });
}

function raterOf({ rater }: ReviewFlags): string {
  return rater ?? 'first';
}

function refuseMixedFlags({ apply, as, keepOpen, runs, results, ...options }: ReviewFlags): void {
  const fail = (problem: string): never => {
    throw new FulcrumError('usage', { problem });
  };
  const actions = [apply, results, options.export, options.import, options.labels].filter(
    (given) => given !== undefined && given !== false,
  );
  if (actions.length > 1) fail('Use one of --export, --import, --results, --labels and --apply at a time.');
  if (apply && as === undefined) fail('--apply needs --as NAME for the new dataset.');
  if (!apply && (as !== undefined || keepOpen)) fail('--as and --keep-open belong to --apply.');
  if (apply && runs !== undefined) fail('--apply is about samples, --runs about answers; use one of them.');
  if (
    runs === undefined &&
    [options.random, options.limit, options.seed, options.labels].some((given) => given !== undefined)
  )
    fail('--random, --limit, --seed and --labels belong to --runs.');
}

/** Samples of a dataset: file out, file in, the queue as JSON, or one by one on a terminal. */
async function reviewSamples(
  context: CommandContext,
  options: ReviewFlags,
  name: string,
  session: ReviewSession,
): Promise<CommandResult> {
  const { decided, total, open } = session;
  const progress = { dataset: name, rater: raterOf(options), decided, total, open: open.length };
  if (options.import !== undefined) {
    const { decisions } = await session.importFile(inputPath(context, options.import));
    return { json: { ...progress, decisions }, text: `Took ${decisions} decisions of "${progress.rater}".` };
  }
  if (options.export !== undefined)
    return writeFile(options.export, await session.exportFile(), open.length, 'open samples', progress);
  if (context.json)
    return { json: { ...progress, queue: await Promise.all(open.map((id) => session.item(id))) } };
  if (!context.terminal.interactive)
    return {
      json: progress,
      text: `${decided} of ${total} decided by "${progress.rater}". ${elsewhere(name)}`,
    };
  const { reviewLoop } = await import('../review/review-loop.ts');
  const { terminalPrompts } = await import('../review/review-prompts.ts');
  const done = await reviewLoop(session, await terminalPrompts());
  return {
    json: { ...progress, ...done },
    text: `${done.decided} decided now, ${done.open} of ${total} open.\nNext: fulcrum dataset review ${name} ${done.open > 0 ? '(goes on)' : '--results'}`,
  };
}

async function applyDecisions(
  { as = '', rater, keepOpen }: ReviewFlags,
  name: string,
  room: ReviewRoom,
): Promise<CommandResult> {
  if (as === name) throw new FulcrumError('usage', { problem: '--as must name another dataset.' });
  const applied = await room.apply({ dataset: name, name: as, rater, keepOpen });
  const { dataset, accepted, edited, rejected, disputed, open } = applied;
  const named = disputed.slice(0, 10).join(', ');
  const lines = [
    `Made "${dataset.name}" with ${dataset.samples} samples: ${accepted} accepted, ${edited} edited; ${rejected} rejected, ${open} open (${keepOpen ? 'kept' : 'left out'}).`,
    ...(disputed.length > 0
      ? [
          `${disputed.length} left out because raters differ: ${named}${disputed.length > 10 ? ', …' : ''}. Settle them with a --rater whose word counts.`,
        ]
      : []),
    `Next: fulcrum eval run --dataset ${dataset.name} --variants extract,rag`,
  ];
  return { json: applied, text: lines.join('\n') };
}

async function showResults(name: string, room: ReviewRoom): Promise<CommandResult> {
  const { resultsText } = await import('../review/results-text.ts');
  const results = await room.results(name);
  return { json: results, text: resultsText(results) };
}

/** Answers of runs: file out, file in, results, the queue as JSON, or one by one on a terminal. */
async function labelAnswers(
  context: CommandContext,
  options: ReviewFlags,
  name: string,
  room: ReviewRoom,
): Promise<CommandResult> {
  const rater = raterOf(options);
  const session = await room.openLabeling({
    dataset: name,
    rater,
    runs: [...new Set((options.runs ?? '').split(',').map((run) => run.trim()))].filter((run) => run !== ''),
    random: numberOption('--random', options.random, { whole: true, least: 0 }),
    limit: numberOption('--limit', options.limit, { whole: true, least: 1 }),
    seed: options.seed,
  });
  const { strata, unmatched } = session.queue;
  const progress = { dataset: name, rater, strata, unmatched, open: session.open.length };
  if (options.import !== undefined) {
    const { labels } = await session.importFile(inputPath(context, options.import));
    return { json: { ...progress, labels }, text: `Took ${labels} labels of "${rater}".` };
  }
  if (options.export !== undefined)
    return writeFile(
      options.export,
      await session.exportFile(),
      session.open.length,
      'open samples',
      progress,
    );
  if (options.labels !== undefined) {
    const rows = await session.labelRows();
    return writeFile(options.labels, rows, rows.split('\n').length - 1, 'labels', progress);
  }
  if (options.results) {
    const { labelingText } = await import('../review/results-text.ts');
    const results = await session.results();
    return { json: { ...progress, ...results }, text: labelingText(session.queue, results) };
  }
  if (context.json) return { json: { ...progress, queue: session.open } };
  if (!context.terminal.interactive)
    return { json: progress, text: `${queueText(session)} ${elsewhere(name)}` };
  const { labelLoop } = await import('../review/label-loop.ts');
  const { terminalPrompts } = await import('../review/review-prompts.ts');
  context.terminal.notice(queueText(session));
  const done = await labelLoop(session, await terminalPrompts());
  return {
    json: { ...progress, ...done },
    text: `${done.labelled} answers labelled now, ${done.open} samples open.\nNext: the same command${done.open > 0 ? ' (goes on)' : ' with --results'}`,
  };
}

function queueText({ queue: { strata, unmatched }, open }: LabelingSession): string {
  const { disagreement, random } = strata;
  return `${disagreement.drawn} of ${disagreement.total} samples with different answers and ${random.drawn} of ${random.total} with equal ones are in the queue; ${open.length} open. ${unmatched} have no answer in some run.`;
}

function elsewhere(name: string): string {
  return `Without a terminal: fulcrum dataset review ${name} --export FILE, then --import FILE.`;
}

async function writeFile(
  file: string,
  content: string,
  lines: number,
  what: string,
  progress: object,
): Promise<CommandResult> {
  const { resolve } = await import('node:path');
  const { writeAtomically } = await import('../../app/index.ts');
  const path = resolve(file);
  await writeAtomically(path, content);
  return { json: { ...progress, path, lines }, text: `Wrote ${lines} ${what} to ${path}.` };
}
