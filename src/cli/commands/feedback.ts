import type { Command } from 'commander';
import { localOwner } from '../../core/index.ts';
import type { FeedbackFigures, StoredFeedback } from '../../monitoring/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum feedback list|samples`: what people said of answers. */
export function registerFeedback(program: Command): void {
  const feedback = program.command('feedback').description('what people said of answers');
  registerFeedbackSamples(feedback);
  feedback
    .command('list')
    .option('--days <n>', 'of how many days', '30')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('judgements, newest first, and how few requests they are of')
    .addHelpText('after', '\nExample:\n  fulcrum feedback list --days 7')
    .action(
      runCommand<{ days: string; tenant: string }>(async (context, { days, tenant }) => {
        const since = daysAgo(days);
        const { list, figures } = await withCommandProject(context, async (project) => {
          const { feedback } = await project.serving();
          return {
            list: await feedback.list({ tenant }),
            figures: await feedback.figures({ tenant }, since),
          };
        });
        return {
          json: { figures, feedback: list },
          text: [figuresLine(figures), ...list.map(feedbackLine)].join('\n'),
        };
      }),
    );
}

function registerFeedbackSamples(feedback: Command): void {
  feedback
    .command('samples')
    .requiredOption('--out <path>', 'JSON Lines file to write')
    .option('--days <n>', 'of how many days', '30')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('judged requests as samples, for reviewers: corrections and liked answers')
    .addHelpText(
      'after',
      '\nPeople who judge choose to, so these samples are no picture of all requests: keep them beside a benchmark, not in it.\n\nExamples:\n  fulcrum feedback samples --out feedback.jsonl\n  fulcrum dataset import feedback.jsonl --name feedback\n  fulcrum dataset review feedback',
    )
    .action(
      runCommand<{ out: string; days: string; tenant: string }>(async (context, { out, days, tenant }) => {
        const { resolve } = await import('node:path');
        const { writePieces } = await import('../../app/index.ts');
        const { sampleFromFeedback } = await import('../../monitoring/index.ts');
        const path = resolve(out);
        const since = daysAgo(days);
        const leftOut: Record<string, number> = {};
        let samples = 0;
        await withCommandProject(context, async (project) => {
          const { feedback: store } = await project.serving();
          const lines = async function* (): AsyncGenerator<string> {
            for await (const { trace, said } of store.judged({ tenant }, since)) {
              const made = sampleFromFeedback(trace, said);
              if ('leftOut' in made) leftOut[made.leftOut] = (leftOut[made.leftOut] ?? 0) + 1;
              else {
                samples++;
                yield `${JSON.stringify(made.sample)}\n`;
              }
            }
          };
          await writePieces(path, lines());
        });
        const text = [
          `Wrote ${samples} samples to ${path}.`,
          ...Object.entries(leftOut).map(([reason, n]) => `  ${n} left out: ${reason}`),
          ...(samples > 0
            ? [`Next: fulcrum dataset import ${out} --name feedback, then fulcrum dataset review feedback`]
            : []),
        ];
        return { json: { path, samples, leftOut }, text: text.join('\n') };
      }),
    );
}

function daysAgo(given: string): string {
  const days = numberOption('--days', given, { whole: false, least: 0 }) ?? 30;
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

/** One judgement on one line. */
export function feedbackLine({
  trace,
  author,
  at,
  citation,
  thumbs,
  rating,
  reason,
  comment,
  correction,
}: StoredFeedback): string {
  const said = [
    thumbs && `thumbs ${thumbs}`,
    rating && `${rating} of 5`,
    reason,
    comment && `"${comment}"`,
    correction && `should be: ${correction}`,
  ].filter(Boolean);
  return `${at.slice(0, 19)}  ${trace}${citation ? ` [${citation}]` : ''}  ${author}: ${said.join(', ')}`;
}

function figuresLine({ requests, judged, up, down, corrected }: FeedbackFigures): string {
  const share = requests === 0 ? '' : ` (${((100 * judged) / requests).toFixed(1)} %)`;
  return `${judged} of ${requests} requests were judged${share}: ${up} up, ${down} down, ${corrected} corrected. Who judges chooses to, so these are no rates of all answers.`;
}
