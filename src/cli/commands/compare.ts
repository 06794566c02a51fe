import type { Command } from 'commander';
import { FulcrumError, suggest } from '../../core/index.ts';
import type { ReportInput, ViewName } from '../../decision/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import type { GivenScores, ScoresOptions } from '../scores-command.ts';

interface CompareCommandOptions extends ScoresOptions {
  baseline?: string;
  view?: string[];
  pair?: string[];
  limit?: string;
  report?: string;
  format?: string;
}

/** `fulcrum compare`: verdicts between variants from one set of simultaneous bounds. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .argument('[runs...]', 'ids of runs of one dataset; without any the newest of each variant')
    .option('--metric <name>', 'primary metric (default: decision.metric of the config, else correct)')
    .option('--margin <m>', 'largest difference that does not matter (default: config, else 0.05)')
    .option('--confidence <c>', 'confidence of all intervals together', '0.95')
    .option('--baseline <variant>', 'compare every other variant with this one only')
    .option('--with-cascades', 'also every cascade of two of the runs, made of their stored results')
    .option('--scores <file>', 'JSON Lines of scores made by anything; needs no project')
    .option('--looks <k>', 'declare, at the first look, that there will be so many looks')
    .option('--spending <name>', 'error over declared looks: obrien-fleming (default), pocock or equal')
    .option('--sequential', 'confidence sequences: valid however often you look and whenever you stop')
    .option('--weight <tag=w...>', 'how much the samples of a tag count; 0 leaves them out')
    .option('--price <variant=usd...>', 'USD per 1,000 requests in place of what was measured')
    .option(
      '--view <names...>',
      'also show: forest, slices, flips, samples, frontier, risk, methods, metrics or all',
    )
    .option('--pair <variants...>', 'the two variants that slices, flips and samples are about')
    .option('--limit <n>', 'samples shown by --view flips and samples', '10')
    .option('--report <file>', 'write a self-contained HTML report that recomputes itself')
    .option(
      '--format <format>',
      'of the report: html, markdown or json (default: by the ending of its name, else html)',
    )
    .description('compare variants on the same samples: better, worse, equivalent or inconclusive')
    .addHelpText(
      'after',
      `
Examples:
  fulcrum compare run_a run_b
  fulcrum compare run_a run_b --view forest slices flips
  fulcrum compare run_a run_b --report comparison.html
  fulcrum compare --scores scores.jsonl --metric correct
  fulcrum compare run_a run_b --looks 3          (at the first of three looks)
  fulcrum compare run_a run_b --sequential       (look whenever you like)`,
    )
    .action(
      runCommand<CompareCommandOptions>(async (context, options, ...runs) => {
        const views = await viewsOf(options.view);
        const { reportFileOf, writeReport } = await import('../write-report.ts');
        const file = reportFileOf(options);
        const details = views.length > 0 || file !== null;
        const { gatherScores, reportOf } = await import('../scores-command.ts');
        const given = await gatherScores(context, options, runs, details);
        const { compareVariants, describeComparison, describeOtherMetrics } = await import(
          '../../evaluation/index.ts'
        );
        const { samplesOfViews, modelReport, renderComparison, renderView } = await import(
          '../../decision/index.ts'
        );
        const confidence = numberOption('--confidence', options.confidence, { whole: false, least: 0 });
        const margin =
          numberOption('--margin', options.margin, { whole: false, least: 0 }) ??
          given.defaults?.margin ??
          0.05;
        const comparison = compareVariants({
          ...given,
          margin,
          confidence,
          baseline: options.baseline,
          sequential: options.sequential,
        });
        const others = describeOtherMetrics([...given.rows, ...given.otherRows], comparison);
        const input = reportOf(given, options, {
          title: `Comparison by ${given.metric}`,
          footer: 'Made by "fulcrum compare".',
          baseline: options.baseline ?? null,
          others,
          // A reader may enter a bar, and then decides.
          decided: file ? await surroundingsOf(context, given, options) : undefined,
          settings: { margin, confidence, bar: null, pair: pairOf(options.pair, comparison.variants) },
        });
        if (file) await writeReport(context, file, input, given.textsOf);
        const most = limitOf(options.limit);
        const model = views.length > 0 ? modelReport(input.rows, input, input.settings) : null;
        const texts = await given.textsOf(model ? samplesOfViews(views, model, most) : []);
        const shown = { others, texts, most };
        const sections = views.map((view) => `\n${view}\n${model ? renderView(view, model, shown) : ''}`);
        return {
          json: { ...comparison, runs: given.runs, description: describeComparison(given.rows, comparison) },
          text: [given.basis, renderComparison(comparison), ...sections].join('\n'),
        };
      }),
    );
}

async function surroundingsOf(
  context: CommandContext,
  given: GivenScores,
  options: CompareCommandOptions,
): Promise<ReportInput['decided']> {
  const { surroundings } = await import('../decide-command.ts');
  const { price } = options;
  const { volume } = given.defaults ?? {};
  return surroundings(context, given, { flags: price ? { price } : {}, asked: { volume } });
}

async function viewsOf(given: readonly string[] | undefined): Promise<ViewName[]> {
  if (!given) return [];
  const { viewNames } = await import('../../decision/index.ts');
  const asked = given.flatMap((names) => names.split(','));
  if (asked.includes('all')) return [...viewNames];
  return asked.map((name) => {
    const view = viewNames.find((known) => known === name);
    if (!view)
      throw new FulcrumError('usage', {
        problem: `--view takes ${viewNames.join(', ')} or all, not "${name}".`,
      });
    return view;
  });
}

function pairOf(
  given: readonly string[] | undefined,
  variants: readonly { readonly variant: string }[],
): readonly [string, string] | null {
  if (!given) return null;
  const [variant, against] = given;
  if (variant === undefined || against === undefined || given.length > 2 || variant === against)
    throw new FulcrumError('usage', { problem: '--pair takes two variants.' });
  const names = variants.map((each) => each.variant);
  for (const name of [variant, against])
    if (!names.includes(name))
      throw new FulcrumError('variant-unknown', { variant: name, suggestion: suggest(name, names) });
  return [variant, against];
}

function limitOf(given: string | undefined): number {
  return numberOption('--limit', given, { whole: true, least: 1 }) ?? 10;
}
