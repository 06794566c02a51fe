import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { LeaveOneOutReport } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

interface CitationFlags {
  dataset: string;
  variant: string;
  split?: string;
  share: string;
  seed: string;
  budget?: string;
}

/** Citations that changed nothing which are shown. */
const shownIdle = 5;
const shownWords = 160;

/** `fulcrum eval citations`: does an answer rest on what it cites? */
export function registerEvalCitations(evaluation: Command): void {
  evaluation
    .command('citations')
    .requiredOption('--dataset <name>', 'dataset whose questions are asked')
    .requiredOption('--variant <name>', 'variant that answers')
    .option('--split <split>', 'only this split: train, dev or test')
    .option('--share <share>', 'share of the questions, above 0 and up to 1', '0.1')
    .option('--seed <n>', 'chooses other questions', '0')
    .option('--budget <usd>', 'ask nothing more when so much is spent')
    .description('take away the evidence of each citation, ask again, and count the citations that matter')
    .addHelpText(
      'after',
      '\nA citation matters when a statement that it stands behind is gone from the second answer; otherwise it was found for the statement afterwards, or the corpus says the same elsewhere. What a pipeline or\na hosted model words differently from one time to the next counts as gone too. Every citation costs one more answer.\n\nExamples:\n  fulcrum eval citations --dataset questions --variant rag\n  fulcrum eval citations --dataset questions --variant rag --split dev --share 0.5 --budget 0.20 --json',
    )
    .action(
      runCommand<CitationFlags>(async (context, options) => {
        const share = numberOption('--share', options.share, { whole: false, least: 0 }) ?? 0;
        if (share <= 0 || share > 1)
          throw new FulcrumError('usage', {
            problem: `--share takes a number above 0 and up to 1, not "${options.share}".`,
          });
        const report = await withEvaluation(context, (room) =>
          room.leaveOneOut({
            dataset: options.dataset,
            variant: options.variant,
            split: options.split,
            share,
            seed: numberOption('--seed', options.seed, { whole: true, least: 0 }) ?? 0,
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
          }),
        );
        return { json: report, text: reportText(report) };
      }),
    );
}

function reportText(report: LeaveOneOutReport): string {
  const { variant, samples, cited, uncited, citations, matters, changes, usage, cost, stopped } = report;
  const behind = citations.filter(({ statements }) => statements.length > 0).length;
  const lines = [
    `${variant}: ${samples} questions, ${cited} answered with citations, ${uncited} not.`,
    `${shareText(matters)} of ${behind} citations that stand behind a statement matter: without their evidence one is gone.`,
    ...(behind < citations.length
      ? [`${citations.length - behind} more stand behind none and are not in this figure.`]
      : []),
    `${shareText(changes)} of ${citations.length} change the answer, word for word.`,
  ];
  const idle = citations.filter(({ stillSaid }) => stillSaid);
  for (const { sample, marker, uri, statements } of idle.slice(0, shownIdle))
    lines.push(`  ${sample} [${marker}] ${uri}: still said "${shortened(statements.join(' '))}"`);
  if (idle.length > shownIdle) lines.push(`  … ${idle.length - shownIdle} more; --json has them all.`);
  if (stopped) lines.push('The budget ended it before all questions were asked.');
  const price = cost.usd === null ? 'price unknown' : `$${cost.usd.toFixed(4)}`;
  lines.push(`${usage.calls} model calls, ${usage.inputTokens} + ${usage.outputTokens} tokens, ${price}.`);
  return lines.join('\n');
}

function shareText({ mean, low, high }: LeaveOneOutReport['matters']): string {
  if (mean === null || low === null || high === null) return 'None';
  return `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function shortened(text: string): string {
  const words = text.replace(/\s+/g, ' ');
  return words.length > shownWords ? `${words.slice(0, shownWords).trimEnd()}…` : words;
}
