import type { Command } from 'commander';
import { localOwner } from '../../core/index.ts';
import type { BlockChange, IndexVersion, VersionDiff } from '../../knowledge/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { blocksText, diffText, versionsText, versionText } from '../versions-text.ts';
import { withCommandProject } from '../with-command-project.ts';

interface TenantOption {
  tenant?: string;
}

/** `fulcrum versions list|show|diff|pin|unpin|rollback`: what the index was before. */
export function registerVersions(program: Command): void {
  const versions = program
    .command('versions')
    .description('versions of the index: what changed between them, and the way back');
  registerReading(versions);
  registerPins(versions);

  withTenant(versions.command('rollback'))
    .argument('<version>', 'number or name of a kept version')
    .description('make the documents of an older version live again; this makes a new version')
    .addHelpText(
      'after',
      '\nThe next "fulcrum sync" brings in what the sources hold then.\nAccess lists stay as they are now.\n\nExample:\n  fulcrum versions rollback 3',
    )
    .action(
      runCommand<TenantOption>(async (context, { tenant }, version = '') => {
        const report = await withCommandProject(context, async (project) =>
          (await project.knowledge()).rollback(version, { tenant }),
        );
        const { to, added, changed, removed, renamed, embedded, version: made } = report;
        return {
          json: report,
          text:
            made === null
              ? `What is live is as in version ${to}.`
              : `Back at version ${to}, as version ${made}: ${added} added, ${changed} changed, ${removed} removed, ${renamed} renamed, ${embedded} embedded\nThe next sync brings in what the sources hold then: point them at the older state, or stop "sync --watch" and scheduled syncs.`,
        };
      }),
    );
}

function withTenant(command: Command): Command {
  return command.option('--tenant <name>', 'the tenant whose index is meant', localOwner.tenant);
}

function registerReading(versions: Command): void {
  withTenant(versions.command('list'))
    .description('list the versions that are kept, newest first')
    .action(
      runCommand<TenantOption>(async (context, { tenant }) => {
        const list = await withCommandProject(context, async (project) =>
          (await project.knowledge()).versions(tenant).list(),
        );
        return { json: { versions: list }, text: await versionsText(list) };
      }),
    );

  withTenant(versions.command('show'))
    .argument('<version>', 'number, name, or "live"')
    .description('show a version: what made it and what it took')
    .action(
      runCommand<TenantOption>(async (context, { tenant }, version = '') => {
        const found = await withCommandProject(context, async (project) =>
          (await project.knowledge()).versions(tenant).get(version),
        );
        return { json: found, text: versionText(found) };
      }),
    );

  withTenant(versions.command('diff'))
    .argument('<from>', 'number, name, or "live"')
    .argument('<to>', 'number, name, or "live"')
    .option('--document <id>', 'the changed blocks of this document')
    .description('documents that were added, changed, removed or renamed, and what had to be embedded')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum versions diff 1 2\n  fulcrum versions diff 1 live --document docs:guide/start.md',
    )
    .action(
      runCommand<TenantOption & { document?: string }>(async (context, options, from = '', to = '') =>
        options.document === undefined
          ? diff(context, from, to, options)
          : diffDocument(context, from, to, { ...options, document: options.document }),
      ),
    );
}

function registerPins(versions: Command): void {
  for (const [name, pinned, description] of [
    ['pin', true, 'keep a version whatever the rule of retention says'],
    ['unpin', false, 'leave a version to the rule of retention again'],
  ] as const)
    withTenant(versions.command(name))
      .argument('<version>', 'number, name, or "live"')
      .description(description)
      .action(
        runCommand<TenantOption>(async (context, { tenant }, version = '') => {
          const found: IndexVersion = await withCommandProject(context, async (project) =>
            (await project.knowledge()).versions(tenant).pin(version, pinned),
          );
          const text = pinned
            ? `Version ${found.number} is kept until it is unpinned.`
            : `Version ${found.number} is left to the rule of retention.`;
          return { json: found, text };
        }),
      );
}

async function diff(
  context: CommandContext,
  from: string,
  to: string,
  { tenant }: TenantOption,
): Promise<CommandResult> {
  const found: VersionDiff = await withCommandProject(context, async (project) =>
    (await project.knowledge()).versions(tenant).diff(from, to),
  );
  return { json: found, text: diffText(found) };
}

async function diffDocument(
  context: CommandContext,
  from: string,
  to: string,
  { tenant = localOwner.tenant, document: documentId }: TenantOption & { document: string },
): Promise<CommandResult> {
  const found: { readonly documentId: string; readonly blocks: readonly BlockChange[] } =
    await withCommandProject(context, (project) =>
      project.diffDocument({ from, to, documentId, principal: { ...localOwner, tenant } }),
    );
  return { json: found, text: blocksText(found) };
}
