import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { DecisionBundle, SavedDecision, Trigger } from '../../decision/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath, numberOption } from '../evaluation-command.ts';

/** `fulcrum decide verify|check`. */
export function registerDecideCheck(decide: Command): void {
  decide
    .command('verify')
    .argument('<bundle>', 'file that "decide --bundle" wrote')
    .description('recheck a decision offline: hashes, seal, and the decision made again from its scores')
    .addHelpText(
      'after',
      '\nNeeds no project and no network. Ends with 1 when something does not match, and names it.\n\nExample:\n  fulcrum decide verify decision.json',
    )
    .action(
      runCommand(async (context, _options, path = '') => {
        const { verifyBundle } = await import('../../decision/index.ts');
        const bundle = await readBundle(inputPath(context, path), path);
        const checks = verifyBundle(bundle);
        const failed = checks.filter(({ matches }) => !matches);
        return {
          json: { matches: failed.length === 0, checks, recommended: bundle.decision.recommended },
          text: [
            ...checks.map(({ check, matches, problem }) =>
              matches ? `ok     ${check}` : `WRONG  ${check}: ${problem}`,
            ),
            failed.length === 0
              ? `Everything matches: ${bundle.decision.recommended ?? bundle.decision.reason}, ${bundle.seal ? `sealed ${bundle.seal.sealedAt}` : 'not sealed'}, decided ${bundle.madeAt} by Fulcrum ${bundle.madeBy}.`
              : `${failed.length} of ${checks.length} checks do not match.`,
          ].join('\n'),
          exit: failed.length === 0 ? 0 : 1,
        };
      }),
    );
  decide
    .command('check')
    .argument('[decision]', 'id of a saved decision, or a bundle; without one the newest')
    .description('whether a decision still stands: prices, end-of-life dates, volume, corpus, age')
    .addHelpText(
      'after',
      '\nPrices that moved by more than 20 %, a model that is withdrawn within 90 days, a volume (--volume, else that of the config)\nat which another qualified variant is cheaper, more than 20 % of the documents changed, an age of 180 days. Ends with 1\nwhen one of them is so, for CI. What cannot be told is said to be so and does not count.\n\nExamples:\n  fulcrum decide check\n  fulcrum decide check decision.json --volume 900000',
    )
    .action(
      runCommand<{ volume?: string }>(async (context, options, given) => {
        const volume = numberOption('--volume', options.volume, { whole: false, least: 0 });
        const { name, triggers } = await checked(context, given, volume);
        const fired = triggers.filter((each) => each.fired === true);
        const word = (each: Trigger): string =>
          each.fired === null ? 'unknown' : each.fired ? 'FIRED' : 'ok';
        return {
          json: { decision: name, fired: fired.map(({ trigger }) => trigger), triggers },
          text: [
            ...triggers.map((each) => `${word(each).padEnd(8)}${each.trigger.padEnd(12)}${each.detail}`),
            fired.length === 0
              ? `${name} stands as far as can be told.`
              : `Decide again: ${fired.map(({ trigger }) => trigger).join(', ')}.`,
          ].join('\n'),
          exit: fired.length === 0 ? 0 : 1,
        };
      }),
    );
}

async function checked(
  context: CommandContext,
  given: string | undefined,
  volume: number | undefined,
): Promise<{ name: string; triggers: readonly Trigger[] }> {
  const { createProjectDecisions, findConfig, withProject } = await import('../../app/index.ts');
  const isFile = given !== undefined && (existsSync(given) || given.endsWith('.json'));
  const bundle = isFile ? await readBundle(inputPath(context, given), given) : null;
  if (bundle) await refuseAltered(bundle, given ?? '');
  const saved = bundle && savedOf(bundle);
  if (saved && !findConfig(context.projectDirectory)) {
    const { checkDecision } = await import('../../decision/index.ts');
    const today = new Date().toISOString().slice(0, 10);
    return { name: given ?? '', triggers: checkDecision(saved, { today, volume }) };
  }
  return withProject(context.projectDirectory, { signal: context.signal }, async (project) => {
    const decisions = await createProjectDecisions(project);
    if (saved) return { name: given ?? '', triggers: await decisions.checkGiven(saved, volume) };
    const found = await decisions.check(given, volume);
    return { name: found.saved.id, triggers: found.triggers };
  });
}

/** A bundle whose hashes or seal do not match says nothing of the decision that was made. */
async function refuseAltered(bundle: DecisionBundle, path: string): Promise<void> {
  const { verifyBundle } = await import('../../decision/index.ts');
  const wrong = verifyBundle(bundle).find(({ matches }) => !matches);
  if (wrong)
    throw new FulcrumError('bundle-invalid', {
      path,
      problem: `${wrong.check}: ${wrong.problem}; "fulcrum decide verify" says more.`,
    });
}

function savedOf({ decision, settings, madeAt }: DecisionBundle): Omit<SavedDecision, 'id'> {
  return { decision, settings, decidedAt: madeAt, corpus: null };
}

async function readBundle(file: string, path: string): Promise<DecisionBundle> {
  const { bundleSchema } = await import('../../decision/index.ts');
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new FulcrumError('bundle-invalid', { path, problem: (error as Error).message }, { cause: error });
  }
  const parsed = bundleSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FulcrumError('bundle-invalid', {
    path,
    problem: `"${issue?.path.map(String).join('.')}": ${issue?.message}.`,
  });
}
