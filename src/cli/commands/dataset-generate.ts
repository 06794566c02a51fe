import type { Command } from 'commander';
import type { GenerateResult, HiddenCounts } from '../../app/index.ts';
import { FulcrumError, suggest } from '../../core/index.ts';
import type { GenerationEstimate, QuestionKind } from '../../evaluation/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { askToSpend } from '../spending.ts';
import { withCommandProject } from '../with-command-project.ts';

interface GenerateFlags {
  name: string;
  n: string;
  model?: string;
  seed?: string;
  split?: string;
  source?: string;
  kinds?: string;
  candidates?: string;
  concurrency?: string;
  budget?: string;
  dropKnown?: boolean;
  hideGold?: boolean;
  from?: string;
}

/** Documents that the coverage table names. */
const shownDocuments = 12;

/** `fulcrum dataset generate`: questions from the corpus. */
export function registerDatasetGenerate(dataset: Command): void {
  dataset
    .command('generate')
    .requiredOption('--name <name>', 'name of the new dataset')
    .option('--n <n>', 'questions wanted', '200')
    .option('--model <model>', 'PROVIDER/MODEL that writes and checks; without it gaps in sentences, by rule')
    .option(
      '--kinds <kinds>',
      'kinds of question, separated by commas (default: all six; single-fact for local models)',
    )
    .option('--source <source>', 'only documents of this source')
    .option('--split <split>', 'split to put the questions in: train, dev or test')
    .option('--seed <text>', 'chooses the passages; a larger n extends a smaller one')
    .option('--candidates <n>', 'most candidates tried (default: twice n, five times without a hosted model)')
    .option('--concurrency <n>', 'candidates at a time (default: 1 for local models, 4 for hosted ones)')
    .option(
      '--budget <usd>',
      'ask before spending more (without a terminal or with --json that is an error), and stop when it is spent',
    )
    .option('--drop-known', 'leave out what the model answers without the documents (default: tag it)')
    .option(
      '--hide-gold',
      'add each question once more with its gold documents hidden: unanswerable, for free',
    )
    .option('--from <dataset>', 'with --hide-gold: make no questions, add the hidden half of this dataset')
    .description('make questions from the corpus, checked by gates, spread over documents and sections')
    .addHelpText(
      'after',
      '\nKinds: single-fact, multi-document, how-to, comparison, unanswerable, follow-up. Every answer of the model is kept:\nthe same command again, also after it was cut short, pays only for what is missing.\n\nExamples:\n  fulcrum dataset generate --name made --n 200 --model openai/gpt-5-mini --budget 2\n  fulcrum dataset generate --name smoke --n 50 --hide-gold\n  fulcrum dataset generate --name ours-hidden --from ours --hide-gold\nNext: fulcrum dataset review NAME',
    )
    .action(runCommand<GenerateFlags>(generate));
}

async function generate(context: CommandContext, options: GenerateFlags): Promise<CommandResult> {
  const { name, from, model, seed, split, source, dropKnown, hideGold } = options;
  if (from !== undefined) return hideGoldOf(context, from, options);
  const result = await withCommandProject(context, async (project) =>
    (await project.groundTruth()).generate({
      name,
      model,
      seed,
      split,
      source,
      dropKnown,
      hideGold,
      kinds: await parseKinds(options.kinds, model),
      count: numberOption('--n', options.n, { whole: true, least: 1 }) ?? 200,
      candidates: numberOption('--candidates', options.candidates, { whole: true, least: 1 }),
      concurrency: numberOption('--concurrency', options.concurrency, { whole: true, least: 1 }),
      budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
      onEstimate: (estimate) => context.terminal.notice(estimateText(estimate)),
      approve: context.terminal.interactive ? askToSpend : undefined,
    }),
  );
  return { json: result, text: await resultText(result) };
}

async function hideGoldOf(
  context: CommandContext,
  from: string,
  { name, hideGold }: GenerateFlags,
): Promise<CommandResult> {
  if (!hideGold) throw new FulcrumError('usage', { problem: '--from is used together with --hide-gold.' });
  if (from === name)
    throw new FulcrumError('usage', { problem: '--name must differ from the dataset of --from.' });
  const result = await withCommandProject(context, async (project) =>
    (await project.groundTruth()).hideGoldOf({ from, name }),
  );
  return {
    json: result,
    text: `Made "${name}" with ${result.dataset.samples} samples. ${hiddenText(result.hidden)}`,
  };
}

async function parseKinds(
  kinds: string | undefined,
  model: string | undefined,
): Promise<readonly QuestionKind[] | undefined> {
  if (kinds === undefined) return undefined;
  if (model === undefined)
    throw new FulcrumError('usage', { problem: '--kinds needs --model: without one there are gaps only.' });
  const { questionKinds } = await import('../../evaluation/index.ts');
  return kinds.split(',').map((given) => {
    const kind = questionKinds.find((known) => known === given.trim());
    if (kind !== undefined) return kind;
    throw new FulcrumError('usage', {
      problem: `There is no kind "${given.trim()}". ${suggest(given.trim(), questionKinds)}`,
    });
  });
}

function estimateText({ candidates, cached, calls, usd, unknown }: GenerationEstimate): string {
  const there = cached > 0 ? `, ${cached} there already` : '';
  const more = unknown > 0 ? `, and ${unknown} calls whose price is unknown` : '';
  return `At most ${candidates} candidates to try (${calls} calls)${there}; at most $${usd.toFixed(4)}${more}.`;
}

async function resultText(result: GenerateResult): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const style = { head: [], border: [] };
  const gates = new Table({ head: ['gate', 'passed', 'failed', 'not measured'], chars, style });
  for (const [gate, { passed, failed, unmeasured }] of Object.entries(result.gates))
    gates.push([gate, passed, failed, unmeasured]);
  const { coverage } = result;
  const cover = new Table({ head: ['document', 'questions', 'sections'], chars, style });
  for (const { document, questions, sections } of coverage.byDocument.slice(0, shownDocuments))
    cover.push([document, questions, `${sections.covered} of ${sections.total}`]);
  const more = coverage.byDocument.length - shownDocuments;
  const kinds = Object.entries(coverage.kinds).map(([kind, n]) => `${kind} ${n.made} of ${n.tried}`);
  const reasons = Object.entries(result.rejected).map(([reason, n]) => `${reason} ${n}`);
  const short = result.made < result.wanted;
  return [
    `Made ${result.made} of ${result.wanted} questions from ${result.candidates} candidates as "${result.dataset.name}"${result.model ? ` by ${result.model}` : ''}.`,
    ...(short ? [shortText(result)] : []),
    gates.toString(),
    `Rejected: ${reasons.join(', ') || 'none'}.`,
    `Kinds (made of tried): ${kinds.join(', ')}.`,
    `Coverage: ${coverage.documents.covered} of ${coverage.documents.total} documents, ${coverage.sections.covered} of ${coverage.sections.total} sections${coverage.documents.read < coverage.documents.total ? ` in the ${coverage.documents.read} that were read` : ''}.`,
    cover.toString(),
    ...(more > 0 ? [`… and ${more} more documents (--json has all).`] : []),
    foundText(result.found),
    ...(result.hidden ? [hiddenText(result.hidden)] : []),
    ...(result.model
      ? [
          `Cost: ${result.costUsd === null ? 'unknown' : `$${result.costUsd.toFixed(4)}`} for ${result.usage.calls} calls; ${result.reusedCalls} answers were there already.`,
        ]
      : [
          'Made by rule, without a model. What these questions cannot show:',
          ...result.limits.map((limit) => `  - ${limit}`),
        ]),
    `Next: fulcrum dataset review ${result.dataset.name}`,
  ].join('\n');
}

function shortText({ exhausted }: GenerateResult): string {
  return exhausted
    ? 'Every passage of the corpus was tried, each once: more questions need more documents.'
    : 'All candidates were tried; raise --candidates for more.';
}

function foundText(found: GenerateResult['found']): string {
  const { 'at-1': first, 'in-5': five, 'in-10': ten, 'not-in-10': beyond } = found;
  return `Search, asked the question, has all its gold: at rank 1 ${first}, up to 5 ${five}, up to 10 ${ten}, not in 10 ${beyond} (tags found-…).`;
}

function hiddenText({ made, answeredElsewhere, withoutGold }: HiddenCounts): string {
  const left = [
    ...(answeredElsewhere > 0 ? [`${answeredElsewhere} that other documents answer too`] : []),
    ...(withoutGold > 0 ? [`${withoutGold} without facts or evidence`] : []),
  ];
  return `Added ${made} of them once more with their gold hidden (unanswerable)${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}.`;
}
