import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import type { ScoresOptions } from '../scores-command.ts';

interface DecideCommandOptions extends ScoresOptions {
  bar?: string;
  volume?: string;
  report?: string;
}

/** `fulcrum decide`: the cheapest variant that is good enough, or what is missing. */
export function registerDecide(program: Command): void {
  program
    .command('decide')
    .argument('[runs...]', 'ids of runs of one dataset; without any the newest of each variant')
    .option(
      '--bar <b>',
      'lowest mean of the metric that is good enough (default: decision.bar of the config)',
    )
    .option(
      '--margin <m>',
      'largest loss against another variant that does not matter (default: config, else 0.05)',
    )
    .option('--volume <v>', 'requests a month (default: config, else 10000)')
    .option('--metric <name>', 'primary metric (default: decision.metric of the config, else correct)')
    .option('--confidence <c>', 'confidence of everything stated together', '0.95')
    .option('--with-cascades', 'also every cascade of two of the runs, made of their stored results')
    .option('--scores <file>', 'JSON Lines of scores made by anything; needs no project')
    .option('--looks <k>', 'declare, at the first look, that there will be so many looks')
    .option('--spending <name>', 'error over declared looks: obrien-fleming (default), pocock or equal')
    .option('--weight <tag=w...>', 'how much the samples of a tag count; 0 leaves them out')
    .option('--price <variant=usd...>', 'USD per 1,000 requests in place of what was measured')
    .option('--report <file>', 'write a self-contained HTML report that recomputes itself')
    .description('name the cheapest variant that is good enough, or say what evidence is missing')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum decide --bar 0.8 --volume 50000 --report report.html\n  fulcrum decide --scores scores.jsonl --bar 0.7',
    )
    .action(
      runCommand<DecideCommandOptions>(async (context, options, ...runs) => {
        const { gatherScores, reportOf } = await import('../scores-command.ts');
        const given = await gatherScores(context, options, runs, options.report !== undefined);
        const bar = numberOption('--bar', options.bar, { whole: false, least: 0 }) ?? given.defaults?.bar;
        if (bar === undefined) throw new FulcrumError('bar-missing');
        const { explainDecision, renderDecision, renderReport, samplesOfReport } = await import(
          '../../decision/index.ts'
        );
        const margin =
          numberOption('--margin', options.margin, { whole: false, least: 0 }) ??
          given.defaults?.margin ??
          0.05;
        const volume =
          numberOption('--volume', options.volume, { whole: false, least: 0 }) ?? given.defaults?.volume;
        const confidence = numberOption('--confidence', options.confidence, { whole: false, least: 0 });
        const explained = explainDecision({ ...given, bar, margin, volume, confidence });
        if (options.report !== undefined) {
          const { writeAtomically } = await import('../../app/index.ts');
          const report = reportOf(given, options, {
            title: `Decision by ${given.metric}`,
            footer: 'Made by "fulcrum decide".',
            settings: { margin, confidence, bar, volume },
          });
          await writeAtomically(
            options.report,
            await renderReport({ ...report, texts: await given.textsOf(samplesOfReport(report)) }),
          );
          context.terminal.notice(`Report: ${options.report}`);
        }
        return { json: explained.decision, text: renderDecision(explained, given.prices) };
      }),
    );
}
