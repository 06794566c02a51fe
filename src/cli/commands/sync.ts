import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { MassDeletion, SyncReport } from '../../knowledge/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { planText, saysNothingNew, syncText } from '../sync-text.ts';
import { withCommandProject } from '../with-command-project.ts';

interface SyncFlags {
  background?: boolean;
  rebuild?: boolean;
  dryRun?: boolean;
  prune?: boolean;
  allowMassDelete?: boolean;
  watch?: boolean;
  every?: string;
}

/** `fulcrum sync`: brings the sources into the index. */
export function registerSync(program: Command): void {
  program
    .command('sync')
    .argument('[name]', 'only this source; without it all of them')
    .option('--dry-run', 'say what would be done, in documents, tokens and money, and write nothing')
    .option('--watch', 'stay, and sync again whenever files of the sources change')
    .option('--every <seconds>', 'with --watch: how often sources are read that cannot be watched', '60')
    .option('--allow-mass-delete', 'remove documents also where a source suddenly lists far fewer')
    .option('--prune', 'remove for good what is kept no longer, from the files too')
    .option('--background', 'return as soon as the text is searchable and embed in a job')
    .option('--rebuild', 'drop the search index and make it anew from the database')
    .description('read the sources and bring what is new or changed into the index')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum sync\n  fulcrum sync --dry-run\n  fulcrum sync --watch --every 300\n  fulcrum sync docs --background\n  fulcrum sync --json',
    )
    .action(
      runCommand<SyncFlags>(async (context, options, source) => {
        checkFlags(options);
        if (options.dryRun) return dryRun(context, source);
        if (options.watch) return watch(context, options, source);
        return syncOnce(context, options, source);
      }),
    );
}

/** Throws `usage` for options that cannot be had together. */
function checkFlags({ dryRun, watch, prune, background, rebuild, allowMassDelete, every }: SyncFlags): void {
  const doing = { watch, prune, background, rebuild, 'allow-mass-delete': allowMassDelete };
  const [other] = Object.entries(doing).filter(([, given]) => given);
  if (dryRun && other)
    throw new FulcrumError('usage', { problem: `--dry-run writes nothing, so --${other[0]} says nothing.` });
  if (watch && (background || rebuild))
    throw new FulcrumError('usage', { problem: '--watch goes with neither --background nor --rebuild.' });
  if (!(Number(every) >= 1))
    throw new FulcrumError('usage', { problem: `--every takes seconds, at least 1, not "${every}".` });
}

async function dryRun(context: CommandContext, source: string | undefined): Promise<CommandResult> {
  const plan = await withCommandProject(context, (project) => project.planSync({ source }));
  return { json: plan, text: planText(plan), exit: plan.failed.length > 0 ? 1 : 0 };
}

async function syncOnce(
  context: CommandContext,
  { background, rebuild, prune, allowMassDelete }: SyncFlags,
  source: string | undefined,
): Promise<CommandResult> {
  const { report, job } = await withCommandProject(context, async (project) => {
    const knowledge = await project.knowledge();
    const confirmMassDelete = context.terminal.interactive ? askToRemove(context) : undefined;
    const report = await knowledge.sync({
      source,
      background,
      rebuild,
      prune,
      allowMassDelete,
      confirmMassDelete,
    });
    if (!background || project.config.embedding === false) return { report, job: null };
    return { report, job: await (await project.jobs()).enqueue('embed', null) };
  });
  if (job) {
    runInBackground(job.id, context.projectDirectory);
    context.terminal.notice(`Embedding goes on in ${job.id}; "fulcrum jobs list" shows how far it is.`);
  }
  return { json: report, text: syncText(report), exit: report.failed.length > 0 ? 1 : 0 };
}

/** Asks at the terminal whether most documents of a source are to go. */
function askToRemove({ terminal }: CommandContext): (loss: MassDeletion) => Promise<boolean> {
  return async ({ source, lost, known, left }) => {
    terminal.stopProgress();
    const { confirm, isCancel } = await import('@clack/prompts');
    const why = left ? 'is no longer configured' : `lists ${known - lost} of its ${known} documents`;
    const answer = await confirm({
      message: `"${source}" ${why}. Remove ${lost} documents?`,
      initialValue: false,
    });
    return !isCancel(answer) && answer;
  };
}

/** Syncs until ctrl-C. With `--json` each sync is one line of JSON, for programs that follow along. */
async function watch(
  context: CommandContext,
  { prune, allowMassDelete, every }: SyncFlags,
  source: string | undefined,
): Promise<CommandResult> {
  const { printable, printableJson } = await import('../printable.ts');
  const show = (json: unknown, text: string): void => {
    context.terminal.stopProgress();
    process.stdout.write(context.json ? `${printableJson(json)}\n` : `${printable(text)}\n`);
  };
  let shown: SyncReport | undefined;
  const onSync = (report: SyncReport): void => {
    // A program gets every report; a person is not told every minute that nothing happened.
    if (!context.json && saysNothingNew(report, shown)) return;
    shown = report;
    show(report, `${time()}  ${syncText(report)}`);
  };
  const time = (): string => new Date().toTimeString().slice(0, 8);
  await withCommandProject(context, (project) =>
    project.watchSources({
      source,
      every: Number(every),
      sync: { prune, allowMassDelete },
      signal: context.signal,
      onSync,
      onFailure(error) {
        const { code, message, hint } = error;
        if (context.json) show({ error: error.toJSON() }, '');
        context.terminal.notice(`${time()}  Not synced (${code}): ${message} ${hint}`);
      },
      onWatching: (watched, polled) => {
        const parts = [
          ...(watched.length > 0 ? [`Watching ${watched.join(', ')}.`] : []),
          ...(polled.length > 0 ? [`Reading ${polled.join(', ')} every ${every} s.`] : []),
        ];
        context.terminal.notice(`${parts.join(' ')} Ctrl-C ends this.`);
      },
    }),
  );
  return { json: undefined };
}

/** Starts `fulcrum jobs run JOB` in a process that outlives this one. */
function runInBackground(job: string, directory: string): void {
  const program = process.argv[1] ?? '';
  const child = spawn(
    process.execPath,
    [...process.execArgv, program, 'jobs', 'run', job, '--project', directory, '--json'],
    { detached: true, stdio: 'ignore' },
  );
  child.unref();
}
