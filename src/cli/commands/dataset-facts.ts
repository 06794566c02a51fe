import type { Command } from 'commander';
import type { FactsResult } from '../../app/index.ts';
import { FulcrumError } from '../../core/index.ts';
import type { FactsEstimate } from '../../evaluation/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { askToSpend } from '../spending.ts';
import { withCommandProject } from '../with-command-project.ts';

interface FactsFlags {
  model?: string;
  split?: string;
  sample?: string;
  budget?: string;
  clear?: boolean;
}

/** `fulcrum dataset facts`: facts proposed for samples that have a reference only. */
export function registerDatasetFacts(dataset: Command): void {
  dataset
    .command('facts')
    .argument('<name>', 'name of the dataset')
    .option('--model <model>', 'PROVIDER/MODEL that proposes; without it numbers, code, quotes and names')
    .option('--split <split>', 'only samples of this split: train, dev or test')
    .option('--sample <n>', 'most samples, in the seeded order of runs (default: all)')
    .option(
      '--budget <usd>',
      'ask before spending more (without a terminal or with --json that is an error), and stop when it is spent',
    )
    .option('--clear', 'forget what was proposed for the dataset')
    .description('propose facts for samples with a reference and without facts; people decide in review')
    .addHelpText(
      'after',
      '\nA form must stand in a reference and not in the question; what is invented is dropped and counted. Proposals change neither\nthe dataset nor a score: "dataset review" shows them, and what is accepted there is in the set that --apply makes. Answers of\nthe model are kept: the same command again pays only for what is missing.\n\nExamples:\n  fulcrum dataset facts questions --model openai/gpt-5-mini --budget 1\n  fulcrum dataset facts questions --sample 50\n  fulcrum dataset facts questions --clear\nNext: fulcrum dataset review NAME',
    )
    .action(runCommand<FactsFlags>(facts));
}

async function facts(
  context: CommandContext,
  { model, split, clear, ...options }: FactsFlags,
  name = '',
): Promise<CommandResult> {
  if (clear && [model, split, options.sample, options.budget].some((given) => given !== undefined))
    throw new FulcrumError('usage', { problem: '--clear is used alone.' });
  const sample = numberOption('--sample', options.sample, { whole: true, least: 1 });
  const budget = numberOption('--budget', options.budget, { whole: false, least: 0 });
  const { notice, interactive } = context.terminal;
  return withCommandProject(context, async (project) => {
    const proposals = await project.factProposals();
    if (clear) {
      const result = await proposals.clear(name);
      return { json: result, text: `Forgot ${result.cleared} proposals for "${result.dataset}".` };
    }
    const result = await proposals.propose({
      dataset: name,
      model,
      split,
      sample,
      budget,
      onEstimate: (estimate) => notice(estimateText(estimate)),
      approve: interactive ? askToSpend : undefined,
    });
    return { json: result, text: resultText(result) };
  });
}

function estimateText({ samples, cached, calls, usd, unknown }: FactsEstimate): string {
  const there = cached > 0 ? `, ${cached} answers there already` : '';
  const more = unknown > 0 ? `, and ${unknown} calls whose price is unknown` : '';
  return `${samples} samples (${calls} calls)${there}; at most $${usd.toFixed(4)}${more}.`;
}

function resultText(result: FactsResult): string {
  const { unanswerable, unreferenced, having, decided } = result.leftAlone;
  const cost = result.costUsd === null ? 'unknown' : `$${result.costUsd.toFixed(4)}`;
  return [
    `Proposed ${result.facts} facts for ${result.proposed} of ${result.samples} samples of "${result.dataset}" (by ${result.proposer}).`,
    `Without a proposal: ${countsText(result.withoutProposal)}.`,
    `Forms dropped: ${countsText(result.droppedForms)}. Facts rejected: ${countsText(result.rejectedFacts)}.`,
    `Left alone: ${having} with facts, ${unreferenced} without a reference, ${unanswerable} unanswerable, ${decided} decided on in review.`,
    ...(result.limits.length === 0
      ? [`Cost: ${cost} for ${result.usage.calls} calls; ${result.reusedCalls} answers were there already.`]
      : [
          'Found by rule, without a model. What these facts cannot show:',
          ...result.limits.map((limit) => `  - ${limit}`),
        ]),
    'Nothing is in the dataset yet; people decide.',
    `Next: fulcrum dataset review ${result.dataset}`,
  ].join('\n');
}

function countsText(counts: Readonly<Record<string, number | undefined>>): string {
  return (
    Object.entries(counts)
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', ') || 'none'
  );
}
