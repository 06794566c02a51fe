import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { collect } from '../dataset-options.ts';
import { inspectionText, type SourceOptions, sourceDefinition } from '../source-text.ts';

/** `fulcrum source add|check|list|remove`: edits the sources of the config, and tries them. */
export function registerSource(program: Command): void {
  const source = program.command('source').description('the sources that documents come from');

  source
    .command('add')
    .argument('<name>', 'name of the source; document ids start with it')
    .option('--files <dir>', 'a folder of documents; which of its files, by --glob')
    .option(
      '--glob <pattern>',
      'which files of the folder or repository, e.g. "**/*.md" (may be repeated)',
      collect,
    )
    .option('--exclude <pattern>', 'which of these are left out again (may be repeated)', collect)
    .option('--gitignore', 'leave out what .gitignore files name (with --files)')
    .option('--git <dir>', 'a local clone of a git repository, bare or not')
    .option('--ref <name>', 'branch, tag or commit (with --git; default: HEAD)')
    .option('--path <dir>', 'folder inside the repository (with --git)')
    .option('--jsonl <file>', 'a JSON Lines file, one document a line')
    .option('--csv <file>', 'a table with a row of headers, one document a row')
    .option('--id <field>', 'field or column with the id (with --jsonl, --csv)')
    .option(
      '--text <field>',
      'field or column with the text; with --csv it may be repeated, or left out for all columns',
      collect,
    )
    .option('--title <field>', 'field or column with the title')
    .option('--readers-field <field>', 'field or column with the access list')
    .option('--language-field <field>', 'field or column with the language')
    .option('--date-field <field>', 'field or column with the date')
    .option('--metadata-field <field>', 'field or column that becomes metadata (may be repeated)', collect)
    .option('--beir <dir>', 'a folder in BEIR form (corpus.jsonl, queries, qrels)')
    .option('--module <file>', 'a module of your own that exports createSource')
    .option(
      '--readers <list>',
      'who may read it where nothing else says so, e.g. "group:hr,user:ann" (default: everyone)',
    )
    .description('add a source to the config')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum source add docs --files ./docs --glob "**/*.md"\n  fulcrum source add handbook --git ./handbook --ref v2 --path docs\n  fulcrum source add faq --jsonl faq.jsonl --id id --text body --title question\n  fulcrum source add parts --csv parts.csv --id number --readers-field acl\n  fulcrum source add tickets --module ./tickets.ts\n  fulcrum source add scifact --beir ./scifact',
    )
    .action(
      runCommand<SourceOptions>(async (context, options, name = '') => {
        const { addSource, projectPath } = await import('../../app/index.ts');
        const definition = sourceDefinition(options, {
          directory: (path) => projectPath(context.projectDirectory, path),
          file: (path) => projectPath(context.projectDirectory, path, 'file-not-found'),
        });
        await addSource(context.projectDirectory, name, definition);
        return {
          json: { source: name, ...definition },
          text: `Added the source "${name}".\nNext: fulcrum source check ${name}, or fulcrum sync`,
        };
      }),
    );

  source
    .command('check')
    .argument('<name>', 'name of the source')
    .option('--documents <n>', 'how many documents are read', '5')
    .description('list a source and read a few documents; tells what a sync would take, and writes nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum source check docs\n  fulcrum source check docs --documents 50 --json',
    )
    .action(
      runCommand<{ documents: string }>(async (context, options, name = '') => {
        const sample = Number(options.documents);
        if (!Number.isInteger(sample) || sample < 0)
          throw new FulcrumError('usage', { problem: '--documents takes a whole number.' });
        const { inspectProjectSource } = await import('../../app/index.ts');
        const inspection = await inspectProjectSource(context.projectDirectory, name, {
          sample,
          signal: context.signal,
          onProgress: context.terminal.onProgress,
        });
        return {
          json: inspection,
          text: inspectionText(inspection),
          exit: inspection.failures.length > 0 ? 1 : 0,
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
