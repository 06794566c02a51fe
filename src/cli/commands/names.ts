import type { Command } from 'commander';
import { FulcrumError, localOwner } from '../../core/index.ts';
import type { RouteRevision } from '../../serving/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

const actor = localOwner.user;

/** `fulcrum names list|show|set|off|on|rollback`: what stands behind the names that clients ask for. */
export function registerNames(program: Command): void {
  const names = program
    .command('names')
    .description('public names: which variant answers, with shares, fallback and shadow');
  names
    .command('list')
    .description('all names with what stands behind them')
    .addHelpText('after', '\nExample:\n  fulcrum names list')
    .action(
      runCommand(async (context) => {
        const revisions = await withCommandProject(context, async (project) =>
          (await project.serving()).routes.list(),
        );
        return {
          json: { revisions },
          text: revisions.map(revisionLine).join('\n') || 'There is no public name yet: fulcrum names set',
        };
      }),
    );
  names
    .command('show')
    .argument('<name>', 'public name')
    .description('all revisions of a name, newest first')
    .addHelpText('after', '\nExample:\n  fulcrum names show assistant')
    .action(
      runCommand(async (context, _options, name = '') => {
        const revisions = await withCommandProject(context, async (project) =>
          (await project.serving()).routes.history(name),
        );
        return { json: { revisions }, text: revisions.map(revisionLine).join('\n') };
      }),
    );
  registerSet(names);
  for (const [word, on, what] of [
    ['off', false, 'kill switch: nothing answers under a name until it is on again'],
    ['on', true, 'let a name answer again'],
  ] as const)
    names
      .command(word)
      .argument('<name>', 'public name')
      .description(what)
      .addHelpText('after', `\nExample:\n  fulcrum names ${word} assistant`)
      .action(
        runCommand(async (context, _options, name = '') =>
          revisionResult(
            await withCommandProject(context, async (project) =>
              (await project.serving()).routes.turn(name, on, actor),
            ),
          ),
        ),
      );
  names
    .command('rollback')
    .argument('<name>', 'public name')
    .option('--to <revision>', 'revision to go back to (default: the one before the newest)')
    .description('take the last change of a name back, with the next request')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum names rollback assistant\n  fulcrum names rollback assistant --to 3',
    )
    .action(
      runCommand<{ to?: string }>(async (context, options, name = '') => {
        const to = numberOption('--to', options.to, { whole: true, least: 1 });
        return revisionResult(
          await withCommandProject(context, async (project) =>
            (await project.serving()).routes.rollback(name, actor, to),
          ),
        );
      }),
    );
}

function registerSet(names: Command): void {
  names
    .command('set')
    .argument('<name>', 'public name; clients name it as "model"')
    .requiredOption(
      '--variant <variant...>',
      'variant that answers, with its weight after "=" where there are several',
    )
    .option('--fallback <variant>', 'answers where the chosen one fails before it said anything')
    .option('--shadow <variant=share>', 'answers a share of the requests unseen, e.g. rag=0.1')
    .description('say which variants answer under a name, with the next request')
    .addHelpText(
      'after',
      '\nA conversation stays with its variant as long as the weights are the same.\n\nExamples:\n  fulcrum names set assistant --variant rag\n  fulcrum names set assistant --variant rag=9 hybrid:style-2=1 --fallback extract\n  fulcrum names set assistant --variant rag --shadow hybrid:style-2=0.2',
    )
    .action(
      runCommand<{ variant: string[]; fallback?: string; shadow?: string }>(
        async (context, options, name = '') => {
          const shadow = options.shadow === undefined ? null : weighted('--shadow', options.shadow);
          if (shadow && (shadow.number === undefined || shadow.number > 1))
            throw new FulcrumError('usage', {
              problem: '--shadow takes VARIANT=SHARE, a share of at most 1.',
            });
          const route = {
            variants: options.variant.map((each) => {
              const { variant, number } = weighted('--variant', each);
              return { variant, weight: number ?? 1 };
            }),
            fallback: options.fallback ?? null,
            shadow: shadow && { variant: shadow.variant, share: shadow.number! },
          };
          return revisionResult(
            await withCommandProject(context, async (project) => {
              const serving = await project.serving();
              await serving.checkRoute(route);
              return serving.routes.set(name, route, actor);
            }),
          );
        },
      ),
    );
}

/** `VARIANT=NUMBER`, where the number may be missing. Throws `usage`. */
function weighted(option: string, given: string): { variant: string; number: number | undefined } {
  const at = given.lastIndexOf('=');
  if (at < 0) return { variant: given, number: undefined };
  const number = Number(given.slice(at + 1));
  if (at === 0 || !(number > 0) || !Number.isFinite(number))
    throw new FulcrumError('usage', { problem: `${option} takes VARIANT=NUMBER above 0, not "${given}".` });
  return { variant: given.slice(0, at), number };
}

function revisionResult(revision: RouteRevision): { json: unknown; text: string } {
  return { json: revision, text: revisionLine(revision) };
}

function revisionLine({ name, number, route, at, actor: who, reason }: RouteRevision): string {
  const total = route.variants.reduce((sum, { weight }) => sum + weight, 0);
  const shares = route.variants.map(
    ({ variant, weight }) => `${variant} ${((100 * weight) / total).toFixed(0)} %`,
  );
  const more = [
    ...(route.on ? [] : ['OFF']),
    ...(route.fallback ? [`fallback ${route.fallback}`] : []),
    ...(route.shadow ? [`shadow ${route.shadow.variant} ${(100 * route.shadow.share).toFixed(0)} %`] : []),
  ];
  return `${name}  ${number}  ${[shares.join(', '), ...more].join('; ')}  (${reason} by ${who}, ${at.slice(0, 16)})`;
}
