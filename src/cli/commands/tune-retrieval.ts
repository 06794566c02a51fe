import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { TunedSettings, TuningDimension, TuningReport } from '../../experiments/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface RetrievalFlags {
  dataset: string;
  split?: string;
  dimensions?: string;
  budgetTokens?: string;
  chunkSizes?: string;
  rerankers?: string;
  test?: boolean;
  write?: boolean;
}

/** `fulcrum tune retrieval`: fits search to the team's own questions, as far as they can tell. */
export function registerTuneRetrieval(tune: Command): void {
  tune
    .command('retrieval')
    .requiredOption(
      '--dataset <name>',
      'dataset of questions with evidence; its test split is left for the end',
    )
    .option('--split <name>', 'only questions of the split train or dev (default: all but the test split)')
    .option(
      '--dimensions <list>',
      'what is tuned, in this order: weight, chunk-size, neighbours, k, near-duplicates, rerank',
      'weight',
    )
    .option('--budget-tokens <n>', 'tokens of retrieved text that are read', '1000')
    .option('--chunk-sizes <list>', 'sizes tried for chunk-size, in tokens', '100,200,400')
    .option('--rerankers <list>', 'names of rerankers in the config, tried for rerank')
    .option('--no-test', 'do not look at the test split at the end')
    .option('--write', 'write what was chosen into the config')
    .description(
      'tune how the project searches on questions with evidence, and tell what each setting is worth',
    )
    .addHelpText(
      'after',
      '\nBy the share of the gold text that the retrieved text holds at the token budget, or by nDCG@10 of documents where the evidence\nnames no places. Chosen by grouped nested cross-validation: the present settings stay unless others are better by more than one\nstandard error on questions that had no part in choosing them. Other chunk sizes build a second index in a temporary folder; the\nlive one is never changed.\n\nExamples:\n  fulcrum tune retrieval --dataset questions\n  fulcrum tune retrieval --dataset questions --dimensions weight,chunk-size,k --budget-tokens 1500 --write',
    )
    .action(
      runCommand<RetrievalFlags>(async (context, options) => {
        const experiments = await import('../../experiments/index.ts');
        const request = await requestOf(context, options);
        const report = await withCommandProject(context, (project) => project.tuneRetrieval(request));
        if (options.write) await writeSettings(context, report);
        return { json: report, text: experiments.renderTuningReport(report) };
      }),
    );
}

async function requestOf(context: CommandContext, options: RetrievalFlags) {
  const { nameTunedSettings, tuningDimensions } = await import('../../experiments/index.ts');
  const dimensions = [...new Set(listOf(options.dimensions ?? 'weight'))].map((name): TuningDimension => {
    const known = tuningDimensions.find((each) => each === name);
    if (!known)
      throw new FulcrumError('usage', {
        problem: `--dimensions takes ${tuningDimensions.join(', ')}, not "${name}".`,
      });
    return known;
  });
  const { split } = options;
  if (split !== undefined && split !== 'train' && split !== 'dev')
    throw new FulcrumError('usage', {
      problem: `--split takes train or dev, not "${split}": the test split is looked at once, at the end.`,
    });
  const rerankers = listOf(options.rerankers ?? '');
  if (dimensions.includes('rerank') && rerankers.length === 0)
    throw new FulcrumError('usage', {
      problem: '--dimensions rerank needs --rerankers, the models that are tried.',
    });
  return {
    dataset: options.dataset,
    split: split as 'train' | 'dev' | undefined,
    dimensions,
    budgetTokens: numberOption('--budget-tokens', options.budgetTokens, { whole: true, least: 50 }) ?? 1000,
    chunkSizes: listOf(options.chunkSizes ?? '').map((size) => chunkSize(size)),
    rerankers,
    test: options.test !== false,
    onMeasured: (settings: TunedSettings, mean: number) =>
      context.terminal.notice(`Measured: ${nameTunedSettings(settings, dimensions)}: ${mean.toFixed(3)}`),
  };
}

function chunkSize(given: string): number {
  const size = numberOption('--chunk-sizes', given, { whole: true, least: 32 })!;
  if (size > 2000)
    throw new FulcrumError('usage', {
      problem: `--chunk-sizes takes sizes from 32 to 2000, not "${given}".`,
    });
  return size;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

async function writeSettings(context: CommandContext, report: TuningReport): Promise<void> {
  const { editConfig } = await import('../../app/index.ts');
  const { tunedConfig } = await import('../../experiments/index.ts');
  const { retrieval, chunking } = tunedConfig(report);
  const recuts = Object.keys(chunking).length > 0;
  if (!recuts && Object.keys(retrieval).length === 0) {
    context.terminal.notice('The config was left as it is.');
    return;
  }
  await editConfig(
    context.projectDirectory,
    (raw) => {
      raw.retrieval = { ...raw.retrieval, ...retrieval };
      if (recuts) raw.chunking = { ...raw.chunking, ...chunking };
    },
    JSON.stringify({ retrieval, ...(recuts && { chunking }) }),
  );
  context.terminal.notice(
    `Wrote the settings into the config.${recuts ? ' Run "fulcrum sync" to cut and embed the documents anew.' : ''}`,
  );
}
