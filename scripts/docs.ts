// npm run docs: writes docs/errors.md and docs/commands.md from the code; test/docs.test.ts keeps them in step.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { allCommands, createProgram } from '../src/cli/program.ts';
import { errorCatalogue } from '../src/core/index.ts';

const generated = '<!-- Made by "npm run docs" from the code; edit the code instead. -->\n';

/** The page of the error catalogue. */
export function errorPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, entry]) =>
    [
      `\`${code}\``,
      entry.status,
      entry.exit,
      entry.retryable ? 'yes' : 'no',
      cell(entry.message),
      cell(entry.hint),
    ].join(' | '),
  );
  return [
    generated,
    '# Errors\n',
    'Every failure that a user can see comes from one catalogue (`src/core/errors/`). With `--json` it is printed on stdout as',
    '`{"error": {"code", "message", "hint"}}`. Exit status: 1 failed, 2 wrong usage. `{name}` stands for a value of the moment.\n',
    '| code | HTTP | exit | retry helps | message | what to do |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

/** The page of all commands: the help text of each. */
export async function commandPage(): Promise<string> {
  const program = await createProgram();
  const sections = [program, ...allCommands(program)].map(
    (command) => `## ${fullName(command)}\n\n\`\`\`text\n${helpText(command)}\n\`\`\`\n`,
  );
  return [
    generated,
    '# Commands\n',
    'Every command takes `--json` (one JSON document on stdout) and `--project DIR`.\n',
    ...sections,
  ].join('\n');
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function helpText(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
    getOutHelpWidth: () => 100,
  });
  command.outputHelp();
  return text.trim().replace(/[ \t]+$/gm, '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}

if (process.argv[1] === import.meta.filename) {
  const docs = join(import.meta.dirname, '..', 'docs');
  writeFileSync(join(docs, 'errors.md'), errorPage());
  writeFileSync(join(docs, 'commands.md'), await commandPage());
}
