import type { Command } from 'commander';
import { FulcrumError, localOwner, suggest } from '../../core/index.ts';
import type { DocumentSummary } from '../../knowledge/index.ts';
import { runCommand } from '../command.ts';

/** `fulcrum documents list|show`: what is in the index. */
export function registerDocuments(program: Command): void {
  const documents = program.command('documents').description('the documents in the index');

  documents
    .command('list')
    .option('--source <name>', 'only documents of this source')
    .description('list the documents')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum documents list\n  fulcrum documents list --source docs --json',
    )
    .action(
      runCommand<{ source?: string }>(async (context, { source }) => {
        const { resolveSource, withProject } = await import('../../app/index.ts');
        const list = await withProject(context.projectDirectory, {}, async (project) =>
          (await project.knowledge()).documents.list(localOwner, {
            source: source === undefined ? undefined : resolveSource(project.config, source),
          }),
        );
        return { json: { documents: list }, text: await listText(list) };
      }),
    );

  documents
    .command('show')
    .argument('<id>', 'id of the document, SOURCE:KEY')
    .option('--text', 'print the canonical text and nothing else')
    .description('show a document')
    .addHelpText('after', '\nExample:\n  fulcrum documents show docs:guide/start.md --text')
    .action(
      runCommand<{ text?: boolean }>(async (context, options, id = '') => {
        const { withProject } = await import('../../app/index.ts');
        const document = await withProject(context.projectDirectory, {}, async (project) => {
          const { documents: catalogue } = await project.knowledge();
          const found = await catalogue.read(id, localOwner);
          if (found) return found;
          const ids = (await catalogue.list(localOwner)).map((each) => each.documentId);
          throw new FulcrumError('document-unknown', { document: id, suggestion: suggest(id, ids) });
        });
        if (options.text && !context.json) {
          // Exactly the text: the newline that results otherwise end with is not part of it.
          process.stdout.write(document.text);
          return { json: document };
        }
        const { documentId, uri, title, version, readers, text } = document;
        return {
          json: document,
          text: `${documentId}\n  uri      ${uri}\n  title    ${title ?? '-'}\n  version  ${version}\n  readers  ${readers.join(', ')}\n\n${text}`,
        };
      }),
    );
}

async function listText(list: readonly DocumentSummary[]): Promise<string> {
  if (list.length === 0) return 'No documents yet. Run "fulcrum sync".';
  const { default: Table } = await import('cli-table3');
  const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const head = ['document', 'title', 'chunks', 'characters'];
  const table = new Table({ head, chars: noRules, style: { head: [], border: [] } });
  for (const row of list) table.push([row.documentId, row.title ?? '', row.chunks, row.characters]);
  return table.toString();
}
