import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';

interface SourceOptions {
  files?: string;
  glob?: string;
  jsonl?: string;
  id?: string;
  text?: string;
  title?: string;
  beir?: string;
}

/** `fulcrum source add|list|remove`: edits the sources of the config. */
export function registerSource(program: Command): void {
  const source = program.command('source').description('the sources that documents come from');

  source
    .command('add')
    .argument('<name>', 'name of the source; document ids start with it')
    .option('--files <dir>', 'a folder of .md, .mdx, .txt and .html files')
    .option('--glob <pattern>', 'which files of the folder, e.g. "**/*.md"')
    .option('--jsonl <file>', 'a JSON Lines file, one document a line')
    .option('--id <field>', 'field with the id (with --jsonl)')
    .option('--text <field>', 'field with the text (with --jsonl)')
    .option('--title <field>', 'field with the title (with --jsonl)')
    .option('--beir <dir>', 'a folder in BEIR form (corpus.jsonl, queries, qrels)')
    .description('add a source to the config')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum source add docs --files ./docs --glob "**/*.md"\n  fulcrum source add faq --jsonl faq.jsonl --id id --text body --title question\n  fulcrum source add scifact --beir ./scifact',
    )
    .action(
      runCommand<SourceOptions>(async (context, options, name = '') => {
        const { addSource, projectPath } = await import('../../app/index.ts');
        const definition = sourceDefinition(options, (path) => projectPath(context.projectDirectory, path));
        await addSource(context.projectDirectory, name, definition);
        return {
          json: { source: name, ...definition },
          text: `Added the source "${name}".\nNext: fulcrum sync`,
        };
      }),
    );

  source
    .command('list')
    .description('list the sources of the config')
    .action(
      runCommand(async (context) => {
        const { loadConfig } = await import('../../app/index.ts');
        const { sources } = await loadConfig(context.projectDirectory);
        const lines = Object.entries(sources).map(
          ([name, definition]) => `${name}  ${JSON.stringify(definition)}`,
        );
        return {
          json: { sources },
          text: lines.join('\n') || 'No source yet. Add one: fulcrum source add docs --files ./docs',
        };
      }),
    );

  source
    .command('remove')
    .argument('<name>', 'name of the source')
    .description('take a source out of the config; the next sync removes its documents')
    .action(
      runCommand(async (context, _options, name = '') => {
        const { removeSource } = await import('../../app/index.ts');
        await removeSource(context.projectDirectory, name);
        return {
          json: { removed: name },
          text: `Removed the source "${name}". Its documents go with the next "fulcrum sync".`,
        };
      }),
    );
}

/** The config entry that the options describe; exactly one kind of source must be named. */
function sourceDefinition(options: SourceOptions, place: (path: string) => string): Record<string, unknown> {
  const { files, glob, jsonl, id, text, title, beir } = options;
  if ([files, jsonl, beir].filter((kind) => kind !== undefined).length !== 1)
    throw new FulcrumError('usage', {
      problem: 'Name exactly one of --files DIR, --jsonl FILE and --beir DIR.',
    });
  if (files !== undefined)
    return { type: 'files', directory: place(files), ...(glob === undefined ? {} : { glob }) };
  if (beir !== undefined) return { type: 'beir', directory: place(beir) };
  if (id === undefined || text === undefined)
    throw new FulcrumError('usage', { problem: '--jsonl needs --id FIELD and --text FIELD.' });
  return { type: 'jsonl', file: place(jsonl!), id, text, ...(title === undefined ? {} : { title }) };
}
