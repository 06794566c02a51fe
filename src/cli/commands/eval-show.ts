import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { withEvaluation } from '../evaluation-command.ts';

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
        const metric = options.byTag;
        const { run, report, results } = await withEvaluation(context, async (room) => {
          if (metric !== undefined) await room.requireMetric(metric);
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
