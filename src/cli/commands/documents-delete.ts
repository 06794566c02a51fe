import type { Command } from 'commander';
import { FulcrumError, localOwner } from '../../core/index.ts';
import type { DeletionSummary, Receipt, ReceiptCheck } from '../../knowledge/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface DeleteFlags {
  tenant?: string;
  source?: string;
  matching?: string;
  reason?: string;
  samples?: boolean;
  yes?: boolean;
  dryRun?: boolean;
}

/** `fulcrum documents delete|undelete|deletions|receipt`: deletion for good. */
export function registerDocumentsDelete(documents: Command): void {
  documents
    .command('delete')
    .argument('[ids...]', 'ids of documents, SOURCE:KEY')
    .option('--tenant <name>', 'the tenant whose documents are meant; by default that of their source')
    .option('--source <name>', 'documents of this source')
    .option('--matching <glob>', 'with --source: those whose key matches, e.g. "people/**"')
    .option('--reason <text>', 'why, for the receipt')
    .option('--samples', 'also the questions that people wrote about them, not only what is expected')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would be removed, and remove nothing')
    .description('delete documents for good: from the index, its older versions, runs, datasets and caches')
    .addHelpText(
      'after',
      '\nCannot be taken back. The source is left alone; later syncs leave the documents out, until "documents undelete".\n\nExamples:\n  fulcrum documents delete docs:people/ann.md --reason "request 17" --dry-run\n  fulcrum documents delete --source docs --matching "people/**" --yes',
    )
    .action(
      runCommand<DeleteFlags>(async (context, flags, ...ids) => {
        const request = { ids, ...checkedFlags(ids, flags), questions: flags.samples === true };
        return withCommandProject(context, async (project) => {
          const deletion = await project.deletion();
          const plan = flags.yes && !flags.dryRun ? null : await deletion.plan(request);
          if (plan && flags.dryRun) return { json: { dryRun: true, ...planned(plan) }, text: planText(plan) };
          if (plan && !(await approved(context, plan)))
            throw new FulcrumError('usage', {
              problem: 'deleting for good cannot be taken back; look first with --dry-run, then add --yes.',
            });
          const { receipt, path } = await deletion.delete(request);
          return { json: { receipt, path }, text: receiptText(receipt, path) };
        });
      }),
    );

  documents
    .command('undelete')
    .argument('<ids...>', 'ids of documents, SOURCE:KEY')
    .option('--tenant <name>', 'the tenant whose documents are meant; by default that of their source')
    .description('let deleted documents come back with the next sync that finds them in their source')
    .addHelpText(
      'after',
      '\nAnswers, samples and older versions that were erased do not come back.\n\nExample:\n  fulcrum documents undelete docs:people/ann.md',
    )
    .action(
      runCommand<{ tenant?: string }>(async (context, { tenant }, ...ids) => {
        await withCommandProject(context, async (project) =>
          (await project.deletion()).undelete(ids, tenant),
        );
        return {
          json: { undeleted: ids },
          text: `No longer left out: ${ids.join(', ')}. Next: fulcrum sync`,
        };
      }),
    );

  documents
    .command('deletions')
    .option('--tenant <name>', 'the tenant whose deletions are meant', localOwner.tenant)
    .description('list what was deleted for good, and what syncs leave out')
    .addHelpText('after', '\nExample:\n  fulcrum documents deletions')
    .action(
      runCommand<{ tenant?: string }>(async (context, { tenant }) => {
        const deletions = await withCommandProject(context, async (project) =>
          (await project.deletion()).deletions(tenant),
        );
        return { json: { deletions }, text: deletionsText(deletions) };
      }),
    );

  documents
    .command('receipt')
    .argument('<file>', 'receipt that "documents delete" wrote')
    .description(
      'look again whether nothing of what a receipt names is there; exit status 1 where something is',
    )
    .addHelpText(
      'after',
      '\nExample:\n  fulcrum documents receipt .fulcrum/receipts/del_m3k2x9a1-7f3c09ab12.json',
    )
    .action(
      runCommand(async (context, _options, path = '') => {
        const { inputPath } = await import('../evaluation-command.ts');
        const file = inputPath(context, path);
        const check = await withCommandProject(context, async (project) =>
          (await project.deletion()).check(file),
        );
        const sound = check.intact && check.ours && check.traces.length === 0;
        return { json: { ...check, sound }, text: checkText(check), exit: sound ? 0 : 1 };
      }),
    );
}

function checkedFlags(ids: readonly string[], { tenant, source, matching, reason }: DeleteFlags) {
  if (matching !== undefined && source === undefined)
    throw new FulcrumError('usage', { problem: '--matching needs --source NAME.' });
  if (ids.length === 0 && source === undefined)
    throw new FulcrumError('usage', { problem: 'name documents, or give --source NAME --matching GLOB.' });
  return { tenant, source, matching, reason };
}

async function approved(context: CommandContext, plan: Receipt): Promise<boolean> {
  if (!context.terminal.interactive) return false;
  context.terminal.notice(planText(plan));
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({
    message: `Delete ${count(plan.documents.length, 'document')} for good?`,
    initialValue: false,
  });
  return !isCancel(answer) && answer;
}

function planned({ documents, removed, kept, outOfReach, tunedModels }: Receipt) {
  return { documents, removed, kept, outOfReach, tunedModels };
}

function planText(plan: Receipt): string {
  return [
    `Would delete ${count(plan.documents.length, 'document')} for good: ${named(plan.documents.map(({ id }) => id))}`,
    ...bodyLines(plan),
    'Nothing was removed.',
  ].join('\n');
}

function receiptText(receipt: Receipt, path: string): string {
  return [
    `Deleted ${count(receipt.documents.length, 'document')} for good: ${named(receipt.documents.map(({ id }) => id))}`,
    ...bodyLines(receipt),
    `receipt ${path}`,
    `sha256  ${receipt.hash}`,
    `Later syncs leave ${receipt.documents.length === 1 ? 'it' : 'them'} out. Check again with: fulcrum documents receipt ${path}`,
  ].join('\n');
}

function bodyLines({ removed, kept, outOfReach, tunedModels }: Receipt): string[] {
  const taken = removed.filter((each) => each.removed > 0);
  return [
    'removed:',
    ...taken.map((each) => `  ${String(each.removed).padStart(6)} ${each.surface}`),
    ...(kept.length > 0
      ? ['kept:', ...kept.map(({ what, why, ids }) => `  ${what}: ${why}${ids ? ` (${named(ids)})` : ''}`)]
      : []),
    tunedModels.length > 0
      ? `tuned on their text, and to be tuned anew: ${tunedModels.join(', ')}`
      : 'no tuned models in this project',
    'out of reach, for you to see to:',
    ...outOfReach.map((place) => `  ${place}`),
  ];
}

function deletionsText(deletions: readonly DeletionSummary[]): string {
  if (deletions.length === 0) return 'Nothing was deleted for good.';
  return deletions
    .map(({ id, state, requestedAt, requestedBy, reason, documents, suppressed }) => {
      const back = documents.length - suppressed.length;
      return [
        `${id}  ${requestedAt.slice(0, 16).replace('T', ' ')}  by ${requestedBy}${state === 'done' ? '' : '  UNFINISHED'}`,
        `  ${named(documents)}`,
        ...(reason === null ? [] : [`  reason: ${reason}`]),
        ...(back > 0 ? [`  ${back} no longer left out of syncs`] : []),
      ].join('\n');
    })
    .join('\n');
}

function checkText({ id, intact, ours, cameBack, traces }: ReceiptCheck): string {
  return [
    `receipt ${id}`,
    intact ? 'unchanged since it was written' : 'CHANGED since it was written: its hash is another',
    ours ? 'made by this project' : 'NOT MADE by this project, or made anew since',
    ...(cameBack.length > 0 ? [`came back, since somebody undeleted it: ${named(cameBack)}`] : []),
    ...(traces.length > 0
      ? traces.map(({ where, count: times }) => `FOUND AGAIN in ${where}, ${times} times`)
      : ['nothing of the documents was found']),
  ].join('\n');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** The first few of many names. */
function named(names: readonly string[]): string {
  const most = 10;
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
