import type { Command } from 'commander';
import type { Project } from '../../app/index.ts';
import { FulcrumError, type Principal, suggest } from '../../core/index.ts';
import type { DocumentSummary, StoredDocument } from '../../knowledge/index.ts';
import { type AsOption, addAsOption, principalOf } from '../as-option.ts';
import { runCommand } from '../command.ts';
import { placeText } from '../place-text.ts';
import { printable } from '../printable.ts';
import { registerDocumentsDelete } from './documents-delete.ts';

/** `fulcrum documents`: what is in the index, and what was deleted for good. */
export function registerDocuments(program: Command): void {
  const documents = program.command('documents').description('the documents in the index');

  addAsOption(documents.command('list').option('--source <name>', 'only documents of this source'))
    .description('list the documents')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum documents list\n  fulcrum documents list --source docs --json',
    )
    .action(
      runCommand<{ source?: string } & AsOption>(async (context, { source, ...options }) => {
        const principal = principalOf(options);
        const { resolveSource, withProject } = await import('../../app/index.ts');
        const list = await withProject(context.projectDirectory, {}, async (project) =>
          (await project.knowledge()).documents.list(principal, {
            source: source === undefined ? undefined : resolveSource(project.config, source),
          }),
        );
        return { json: { documents: list }, text: await listText(list) };
      }),
    );

  const show = documents
    .command('show')
    .argument('<id>', 'id of the document, SOURCE:KEY')
    .option('--text', 'print the canonical text and nothing else')
    .option(
      '--at <version>',
      'an older text, by the version that a citation names, or its first 8 digits or more (the live one by default)',
    )
    .option('--span <start-end>', 'only these characters, as a citation gives them');
  addAsOption(show)
    .description('show a document, or what an old citation quotes')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum documents show docs:guide/start.md --text\n  fulcrum documents show docs:guide/start.md --at 4f0c21d39a07 --span 120-245',
    )
    .action(
      runCommand<ShowOptions>(async (context, options, id = '') => {
        const principal = principalOf(options);
        const span = options.span === undefined ? null : spanOf(options.span);
        const { withProject } = await import('../../app/index.ts');
        const document = await withProject(context.projectDirectory, {}, async (project) => {
          const { documents: catalogue } = await project.knowledge();
          const found = await catalogue.read(
            id,
            principal,
            await wholeVersion(project, id, principal, options.at),
          );
          if (found) return found;
          if (options.at !== undefined && (await catalogue.read(id, principal)))
            throw new FulcrumError('document-version-unknown', { document: id, version: options.at });
          const ids = (await catalogue.list(principal)).map((each) => each.documentId);
          throw new FulcrumError('document-unknown', { document: id, suggestion: suggest(id, ids) });
        });
        if (span) return spanResult(document, span, options.text === true && !context.json);
        if (options.text && !context.json) {
          // Exactly the text: the newline that results otherwise end with is not part of it.
          writeText(document.text);
          return { json: document };
        }
        const { documentId, uri, title, version, readers, text } = document;
        return {
          json: document,
          text: `${documentId}\n  uri      ${uri}\n  title    ${title ?? '-'}\n  version  ${version}\n  readers  ${readers.join(', ')}\n\n${text}`,
        };
      }),
    );

  registerDocumentsDelete(documents);
}

/** The kept version that begins with the digits given; they themselves where none or more than one does. */
async function wholeVersion(
  project: Project,
  id: string,
  principal: Principal,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined || !/^[0-9a-f]{8,63}$/.test(given)) return given;
  const { access } = await project.knowledge();
  const known = await access.explain(id, { principal, asker: principal });
  const versions = new Set(known?.versions.map(({ version }) => version));
  const fitting = [...versions].filter((version) => version.startsWith(given));
  return fitting.length === 1 ? fitting[0] : given;
}

/** To a file or a program exactly the text; a terminal is not given what it would obey. */
function writeText(text: string): void {
  process.stdout.write(process.stdout.isTTY ? printable(text) : text);
}

interface ShowOptions extends AsOption {
  text?: boolean;
  at?: string;
  span?: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads `120-245`. Throws `usage`. */
function spanOf(text: string): Span {
  const [, start, end] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? [];
  if (start === undefined || end === undefined || Number(start) >= Number(end))
    throw new FulcrumError('usage', { problem: `--span takes START-END, such as 120-245, not "${text}".` });
  return { start: Number(start), end: Number(end) };
}

/** The characters of a span with where they stand, as they stood when they were cited. */
async function spanResult(document: StoredDocument, { start, end }: Span, bare: boolean) {
  const { documentId, uri, version, text } = document;
  if (end > text.length)
    throw new FulcrumError('usage', {
      problem: `--span ends at ${end}, but ${documentId} has ${text.length} characters at this version.`,
    });
  const { placeOf } = await import('../../knowledge/index.ts');
  const place = placeOf({ text, places: document.places ?? [] }, start, end);
  const quote = text.slice(start, end);
  if (bare) writeText(quote);
  const json = { documentId, uri, version, start, end, place, quote };
  return bare
    ? { json }
    : {
        json,
        text: `${documentId}\n  uri      ${uri}\n  version  ${version}\n  place    ${placeText(place) || '-'}\n\n${quote}`,
      };
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
