import { Command } from 'commander';
import { packageVersion } from '../core/index.ts';
import { registerAccess } from './commands/access.ts';
import { registerAsk } from './commands/ask.ts';
import { registerCompare } from './commands/compare.ts';
import { registerCost } from './commands/cost.ts';
import { registerCostImport } from './commands/cost-import.ts';
import { registerDataset } from './commands/dataset.ts';
import { registerDecide } from './commands/decide.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDocuments } from './commands/documents.ts';
import { registerErrors } from './commands/errors.ts';
import { registerEval } from './commands/eval.ts';
import { registerEvalAttribute } from './commands/eval-attribute.ts';
import { registerEvalCascades } from './commands/eval-cascades.ts';
import { registerEvalInjections } from './commands/eval-injections.ts';
import { registerFeedback } from './commands/feedback.ts';
import { registerInit } from './commands/init.ts';
import { registerJobs } from './commands/jobs.ts';
import { registerJudge } from './commands/judge.ts';
import { registerKeys } from './commands/keys.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerMetrics } from './commands/metrics.ts';
import { registerModels } from './commands/models.ts';
import { registerNames } from './commands/names.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPrices } from './commands/prices.ts';
import { registerScore } from './commands/score.ts';
import { registerScorers } from './commands/scorers.ts';
import { registerSearch } from './commands/search.ts';
import { registerServe } from './commands/serve.ts';
import { registerSource } from './commands/source.ts';
import { registerSync } from './commands/sync.ts';
import { registerTraces } from './commands/traces.ts';
import { registerTune } from './commands/tune.ts';
import { registerVariants } from './commands/variants.ts';
import { registerVersions } from './commands/versions.ts';

/** The whole command line, without running it (the docs page of commands is generated from it). */
export async function createProgram(): Promise<Command> {
  const program = new Command('fulcrum')
    .description('Find out on your own data whether prompting, retrieval, fine-tuning or a hybrid is right.')
    .version(packageVersion())
    .option(
      '--project <dir>',
      'project folder, the one with fulcrum.config.json (default: working directory)',
    )
    .option('--json', 'print exactly one JSON document on stdout; progress and notices go to stderr')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError();
  for (const register of [
    registerDemo,
    registerInit,
    registerPlan,
    registerSource,
    registerSync,
    registerVersions,
    registerDocuments,
    registerAccess,
    registerSearch,
    registerAsk,
    registerVariants,
    registerDataset,
    registerEval,
    registerEvalAttribute,
    registerEvalCascades,
    registerEvalInjections,
    registerScorers,
    registerJudge,
    registerTune,
    registerCompare,
    registerDecide,
    registerCost,
    registerServe,
    registerMcp,
    registerKeys,
    registerNames,
    registerTraces,
    registerFeedback,
    registerScore,
    registerMetrics,
    registerModels,
    registerPrices,
    registerCostImport,
    registerDoctor,
    registerJobs,
    registerErrors,
  ])
    register(program);
  for (const command of allCommands(program)) addSharedOptions(command);
  return program;
}

/** Every command below a command. */
export function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

/** `--json` and `--project` are understood before and after the name of the command. */
function addSharedOptions(command: Command): void {
  command.exitOverride();
  const known = command.options.map((option) => option.long);
  if (!known.includes('--json')) command.option('--json', 'print one JSON document on stdout');
  if (!known.includes('--project')) command.option('--project <dir>', 'project folder');
}
