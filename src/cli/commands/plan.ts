import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { HalfLife, PlanAnswers, PriceCalls } from '../../decision/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath } from '../evaluation-command.ts';

interface PlanFlags {
  answers?: string;
  set?: string[];
  dataset?: string;
  questions?: boolean;
  save?: string;
  model?: string;
}

/** `fulcrum plan`: what to try first and how to find out, before any data; and the half-life of the knowledge behind questions. */
export function registerPlan(program: Command): void {
  const plan = program
    .command('plan')
    .option('--answers <file>', 'answers to the questionnaire, JSON or YAML')
    .option('--set <key=value...>', 'single answers; they overrule the file')
    .option(
      '--dataset <name>',
      'measure how fast the evidence of this dataset changes, from the git history of its documents',
    )
    .option('--questions', 'list the questions, their keys and what they may be')
    .option('--model <model>', 'price the experiment for this model, PROVIDER/MODEL')
    .option('--save <file>', 'keep the answers as JSON, for --answers')
    .description(
      'rank what could work from what you know already, and name the cheapest experiment that decides',
    )
    .addHelpText(
      'after',
      '\nOn a terminal it asks what is not given. Nothing is measured and nothing is sent anywhere; needs no project but for --dataset.\n\nExamples:\n  fulcrum plan\n  fulcrum plan --answers plan.yaml --json\n  fulcrum plan --set needs=knowledge public=no changes=weekly citations=yes',
    )
    .action(
      runCommand<PlanFlags>(async (context, options) => {
        const { makePlan, planQuestions, renderPlan } = await import('../../decision/index.ts');
        if (options.questions)
          return {
            json: planQuestions.map(({ when: _, ...rest }) => rest),
            text: questionsText(planQuestions),
          };
        const halfLife = options.dataset === undefined ? null : await measure(context, options.dataset);
        const answers = await answersOf(context, options, halfLife);
        if (options.save !== undefined) {
          const { writeAtomically } = await import('../../app/index.ts');
          await writeAtomically(options.save, `${JSON.stringify(answers, null, 2)}\n`);
          context.terminal.notice(`Answers: ${options.save}`);
        }
        const price = options.model === undefined ? undefined : await pricesFor(context, options.model);
        const made = makePlan(answers, { halfLife, price });
        return { json: made, text: renderPlan(made) };
      }),
    );
  registerHalfLife(plan);
}

function registerHalfLife(plan: Command): void {
  plan
    .command('half-life')
    .argument('<dataset>', 'name of a dataset with evidence')
    .option('--split <split>', 'only the samples of this split')
    .description(
      'tell how fast the knowledge behind questions goes out of date, from the git history of the documents',
    )
    .addHelpText(
      'after',
      '\nNo model is called. The source must be a folder of files in a git working copy.\n\nExample:\n  fulcrum plan half-life questions',
    )
    .action(
      runCommand<{ split?: string }>(async (context, { split }, dataset = '') => {
        const { renderHalfLife } = await import('../../decision/index.ts');
        const found = await measure(context, dataset, split);
        return { json: found, text: renderHalfLife(found) };
      }),
    );
}

async function measure(context: CommandContext, dataset: string, split?: string): Promise<HalfLife> {
  const { withCommandProject } = await import('../with-command-project.ts');
  const { parseSplit } = await import('../../evaluation/index.ts');
  return withCommandProject(context, (project) =>
    project.halfLife({ dataset, split: split === undefined ? undefined : parseSplit(split) }),
  );
}

async function answersOf(
  context: CommandContext,
  options: PlanFlags,
  halfLife: HalfLife | null,
): Promise<PlanAnswers> {
  const { changesFromHalfLife, readPlanWords } = await import('../../decision/index.ts');
  const measured = halfLife && changesFromHalfLife(halfLife);
  const given: PlanAnswers = {
    ...(options.answers === undefined ? {} : await readAnswers(context, options.answers)),
    ...readPlanWords(options.set ?? []),
    ...(measured && { changes: measured }),
  };
  if (options.answers !== undefined || options.set !== undefined) return given;
  if (!context.terminal.interactive)
    throw new FulcrumError('usage', {
      problem: 'There is no terminal to ask on: give --answers FILE or --set key=value.',
    });
  const { askPlanQuestions } = await import('../plan-questionnaire.ts');
  const { terminalPrompts } = await import('../review/review-prompts.ts');
  const answers = await askPlanQuestions(given, await terminalPrompts());
  if (answers === null) throw new FulcrumError('cancelled');
  return answers;
}

async function readAnswers(context: CommandContext, file: string): Promise<PlanAnswers> {
  const { readFile } = await import('node:fs/promises');
  const { readPlanAnswers } = await import('../../decision/index.ts');
  const { parse } = await import('yaml');
  const path = inputPath(context, file);
  let value: unknown;
  try {
    // YAML holds JSON as well.
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    const problem = (error as Error).message.split('\n')[0] ?? '';
    throw new FulcrumError('plan-answers-invalid', { path: file, problem }, { cause: error });
  }
  return readPlanAnswers(value ?? {}, file);
}

/** Prices tokens of a model at its listed or entered prices; a notice, and null for each sum, where they are not known. */
async function pricesFor(context: CommandContext, model: string): Promise<PriceCalls> {
  const { pricesOf } = await import('../../app/index.ts');
  const { book } = await pricesOf(context.projectDirectory);
  const per = (kind: 'input' | 'output'): number | null => book.find({ kind, model })[0]?.value ?? null;
  const [input, output] = [per('input'), per('output')];
  if (input === null || output === null)
    context.terminal.notice(`No price is known for ${model}; "fulcrum prices set" enters one.`);
  return (tokens) =>
    input === null || output === null ? null : (tokens.input * input + tokens.output * output) / 1e6;
}

function questionsText(questions: typeof import('../../decision/index.ts').planQuestions): string {
  return questions
    .map(({ key, ask, kind, choices }) =>
      [
        `${key.padEnd(14)}${ask}${kind === 'yes-no' ? ' (yes, no)' : kind === 'count' ? ' (number)' : ''}`,
        ...(choices ?? []).map(([value, meaning]) => `${' '.repeat(16)}${value.padEnd(14)}${meaning}`),
      ].join('\n'),
    )
    .join('\n');
}
