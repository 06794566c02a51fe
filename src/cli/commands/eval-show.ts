import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { withEvaluation } from '../evaluation-command.ts';
import { writeJsonDocument } from '../json-document.ts';

interface ShowFlags {
  byTag?: string;
  sample?: string;
}

/** `fulcrum eval show`: a run, or one of its samples with everything that is known of it. */
export function registerEvalShow(evaluation: Command): void {
  evaluation
    .command('show')
    .argument('<run>', 'id of the run')
    .option('--sample <id>', 'one sample: question, answers, citations, scores and evidence')
    .option('--by-tag <metric>', 'also the mean of this metric for each tag of the samples')
    .description('show a run: what it measured and how it was made; with --json every sample')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum eval show RUN\n  fulcrum eval show RUN --sample q7\n  fulcrum eval show RUN --by-tag correct',
    )
    .action(
      runCommand<ShowFlags>(async (context, options, id = '') => {
        if (options.sample !== undefined) {
          const wanted = options.sample;
          const { run, views } = await withEvaluation(context, (room) => room.runs.showSample(id, wanted));
          const { sampleText } = await import('../sample-view.ts');
          const sample = views[0]?.sample ?? null;
          const answers = views.map(({ result, answer }) => ({ result, answer }));
          return {
            json: { run: run.id, sample, answers },
            text: views.map((view) => sampleText(view, run)).join('\n\n'),
          };
        }
        return withEvaluation(context, async (room) => {
          const metric = options.byTag;
          if (metric !== undefined) await room.requireMetric(metric);
          const { run, tags, ...found } = await room.overview(id, metric);
          const figures = await room.corpusFigures(id);
          if (context.json) {
            const head = { run, ...found, figures, ...(metric === undefined ? {} : { tags }) };
            await writeJsonDocument(head, 'results', room.results(id));
            return { json: undefined };
          }
          const { overviewText } = await import('../evaluation-tables.ts');
          return { json: undefined, text: overviewText({ run, tags, ...found }, figures, metric) };
        });
      }),
    );
}
