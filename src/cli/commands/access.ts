import type { Command } from 'commander';
import { FulcrumError, localOwner, ownersGroup, type Principal, suggest } from '../../core/index.ts';
import type { AccessExplanation, ReadableSource } from '../../knowledge/index.ts';
import { type AsOption, addAsOption, principalOf } from '../as-option.ts';
import { runCommand } from '../command.ts';

/** Versions named in the text; the JSON has all of them. */
const versionsShown = 10;

/** `fulcrum access explain|list`: who may read what, told to the person at the keyboard. */
export function registerAccess(program: Command): void {
  const access = program.command('access').description('who may read what');

  addAsOption(
    access
      .command('explain')
      .argument('<document>', 'id of the document, SOURCE:KEY')
      .description('say whether a principal may read a document, and why'),
  )
    .addHelpText('after', '\nExample:\n  fulcrum access explain docs:plan.md --as user:ann,group:hr')
    .action(
      runCommand<AsOption>(async (context, options, id = '') => {
        const principal = principalOf(options);
        const asker = ownerOf(principal);
        const { withProject } = await import('../../app/index.ts');
        const found = await withProject(context.projectDirectory, {}, async (project) => {
          const { access: explainer, documents } = await project.knowledge();
          const explanation = await explainer.explain(id, { principal, asker });
          if (explanation) return { explanation, groups: await explainer.groups({ principal, asker }) };
          const ids = (await documents.list(asker)).map(({ documentId }) => documentId);
          throw new FulcrumError('document-unknown', { document: id, suggestion: suggest(id, ids) });
        });
        return {
          json: { ...found.explanation, unnamedGroups: found.groups.unnamed },
          text: [explanationText(found.explanation), ...groupLines(found.groups)].join('\n'),
        };
      }),
    );

  addAsOption(access.command('list').description('count what a principal may read, by source'))
    .addHelpText('after', '\nExample:\n  fulcrum access list --as user:ann,group:hr,tenant:acme')
    .action(
      runCommand<AsOption>(async (context, options) => {
        const principal = principalOf(options);
        const { withProject } = await import('../../app/index.ts');
        const { sources, groups } = await withProject(context.projectDirectory, {}, async (project) => {
          const { access: explainer } = await project.knowledge();
          const request = { principal, asker: ownerOf(principal) };
          return { sources: await explainer.list(request), groups: await explainer.groups(request) };
        });
        return {
          json: { principal, sources, unnamedGroups: groups.unnamed },
          text: [listText(principal, sources), ...groupLines(groups)].join('\n'),
        };
      }),
    );
}

/** The person at the keyboard owns every tenant of the project. */
function ownerOf({ tenant }: Principal): Principal {
  return { ...localOwner, tenant, groups: [ownersGroup] };
}

function nameOf({ tenant, user, groups }: Principal): string {
  return [`user:${user}`, ...groups.map((group) => `group:${group}`), `tenant:${tenant}`].join(',');
}

/** A group that no list names is a slip more often than a group without documents. */
function groupLines({ unnamed, named }: { unnamed: readonly string[]; named: readonly string[] }): string[] {
  const others = named.filter((group) => group !== ownersGroup);
  return unnamed.map((group) =>
    `No access list names the group "${group}". ${suggest(group, others)}`.trimEnd(),
  );
}

function explanationText(explanation: AccessExplanation): string {
  const { documentId, principal, readable, through, readers, live, versions, tokens } = explanation;
  const lines = [
    `${documentId} ${readable ? 'may' : 'may not'} be read by ${nameOf(principal)}`,
    readable ? `  through       ${through.join(', ')}` : `  known by      ${tokens.join(', ')}`,
    `  access list   ${readers.length === 0 ? 'nobody' : readers.join(', ')}`,
  ];
  if (!live) lines.push('  It is no longer in the corpus; kept versions of the index still have it.');
  for (const each of versions.slice(0, versionsShown)) {
    const state = `${each.live ? 'live' : 'kept'}, ${each.readable ? 'readable' : 'not readable'}`;
    const came = each.live || !live ? '' : `, came with ${each.readers.join(', ')}`;
    lines.push(`  version       ${each.version.slice(0, 12)}  ${state}${came}`);
  }
  if (versions.length > versionsShown)
    lines.push(`  and ${versions.length - versionsShown} more (see --json)`);
  return lines.join('\n');
}

function listText(principal: Principal, sources: readonly ReadableSource[]): string {
  if (sources.length === 0) return `There are no documents in the tenant "${principal.tenant}".`;
  const width = Math.max(...sources.map(({ source }) => source.length));
  const lines = sources.map(
    ({ source, readable, documents }) => `  ${source.padEnd(width)}  ${readable} of ${documents} documents`,
  );
  return [`${nameOf(principal)} may read`, ...lines].join('\n');
}
