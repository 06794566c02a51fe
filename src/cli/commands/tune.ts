import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath, numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';
import { registerTuneCompare } from './tune-compare.ts';
import { registerTuneCurve } from './tune-curve.ts';
import { registerTuneData } from './tune-data.ts';
import { registerTuneDistill } from './tune-distill.ts';
import { registerTuneGates } from './tune-gates.ts';
import { registerTuneJobs } from './tune-jobs.ts';
import { registerTuneRefusal } from './tune-refusal.ts';
import { registerTuneRetrieval } from './tune-retrieval.ts';
import { registerTuneRun } from './tune-run.ts';
import { registerTuneSetup } from './tune-setup.ts';
import { registerTuneVerify } from './tune-verify.ts';

interface PromptFlags {
  variant: string;
  dataset: string;
  metric?: string;
  sample?: string;
  shots?: string;
  choose?: string;
  structured?: boolean;
  instructions?: string;
  most?: string;
  budget?: string;
  test?: boolean;
  write?: string;
}

const ways = ['fixed', 'keyword', 'embedding'] as const;

/** `fulcrum tune`: `prompt` exhausts prompting before anything dearer is advised; `retrieval` fits search to the team's questions, `refusal` when to answer. */
export function registerTune(program: Command): void {
  const tune = program
    .command('tune')
    .description('fine-tune models, and search for better settings of a variant, of search or of refusal');
  registerTuneRetrieval(tune);
  registerTuneRefusal(tune);
  registerTuneData(tune);
  registerTuneSetup(tune);
  registerTuneRun(tune);
  registerTuneJobs(tune);
  registerTuneCompare(tune);
  registerTuneGates(tune);
  registerTuneCurve(tune);
  registerTuneDistill(tune);
  registerTuneVerify(tune);
  tune
    .command('prompt')
    .requiredOption('--variant <name>', 'variant of the reader "generate" to start from')
    .requiredOption(
      '--dataset <name>',
      'dataset with a dev split; few-shot samples come from its train split',
    )
    .option('--metric <name>', 'metric to search by (default: decision.metric of the config)')
    .option('--sample <n>', 'only so many samples of the dev split')
    .option('--shots <list>', 'numbers of few-shot samples to try', '2,4,8')
    .option('--choose <list>', 'how they are chosen: fixed, keyword, embedding', 'fixed,keyword')
    .option('--no-structured', 'do not try decoding held to a schema')
    .option('--instructions <file>', 'further instructions to try: JSON of texts by name')
    .option('--most <n>', 'most settings to measure', '16')
    .option('--budget <usd>', 'stop when so much is spent')
    .option('--no-test', 'do not look at the test split at the end')
    .option('--write <name>', 'add what was chosen to the config as this variant')
    .description('search instructions, few-shot samples and decoding by schema, and tell what each is worth')
    .addHelpText(
      'after',
      '\nOne dimension after the other from the settings that lead; chosen is the shortest prompt within one standard error of the\nbest. Choosing flatters, so the choice is scored on folds that had no part in it and, once, on the test split.\n\nExamples:\n  fulcrum tune prompt --variant rag --dataset questions --sample 60\n  fulcrum tune prompt --variant prompt --dataset intents --shots 4,16 --choose keyword --write prompt-tuned',
    )
    .action(
      runCommand<PromptFlags>(async (context, options) => {
        const { renderPromptReport } = await import('../../experiments/index.ts');
        const request = await requestOf(context, options);
        const report = await withCommandProject(context, (project) => {
          if (options.write !== undefined && Object.hasOwn(project.config.variants, options.write))
            throw new FulcrumError('variant-exists', { variant: options.write });
          return project.searchPrompts(request);
        });
        if (options.write !== undefined) {
          const { addVariant } = await import('../../app/index.ts');
          await addVariant(context.projectDirectory, options.write, report.config);
          context.terminal.notice(`Added the variant "${options.write}".`);
        }
        return { json: report, text: renderPromptReport(report) };
      }),
    );
}

async function requestOf(context: CommandContext, options: PromptFlags) {
  const { nameSettings } = await import('../../experiments/index.ts');
  const choose = listOf(options.choose ?? '').map((way) => {
    const known = ways.find((each) => each === way);
    if (!known)
      throw new FulcrumError('usage', { problem: `--choose takes ${ways.join(', ')}, not "${way}".` });
    return known;
  });
  return {
    variant: options.variant,
    dataset: options.dataset,
    metric: options.metric,
    sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
    shots: listOf(options.shots ?? '').map((k) => numberOption('--shots', k, { whole: true, least: 0 }) ?? 0),
    choose,
    structured: options.structured !== false,
    instructions:
      options.instructions === undefined ? undefined : await readInstructions(context, options.instructions),
    most: numberOption('--most', options.most, { whole: true, least: 1 }) ?? 16,
    budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
    test: options.test !== false,
    onStep: ({ measured }: { measured: { settings: Parameters<typeof nameSettings>[0] } }) =>
      context.terminal.notice(`Measured: ${nameSettings(measured.settings)}`),
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

async function readInstructions(context: CommandContext, file: string): Promise<Record<string, string>> {
  const { readFile } = await import('node:fs/promises');
  const { z } = await import('zod');
  try {
    const texts = z.record(z.string().min(1), z.string().min(1));
    return texts.parse(JSON.parse(await readFile(inputPath(context, file), 'utf8')));
  } catch (error) {
    if (error instanceof FulcrumError) throw error;
    throw new FulcrumError(
      'usage',
      {
        problem: `${file} must be a JSON object of instructions by name, each a text: {"short": "Answer …"}.`,
      },
      { cause: error },
    );
  }
}
