import { type ErrorEntry, entry } from './entry.ts';

/** Usage, project folder and config. */
export const projectErrors = {
  usage: entry('{problem}', 'Run the command with --help to see its options.', { exit: 2 }),
  'project-not-found': entry(
    'No fulcrum.config.json, .ts or .js in {directory}.',
    'Run "fulcrum init {directory}" or name the project with --project DIR.',
    { exit: 2, status: 404 },
  ),
  'project-exists': entry('{directory} already holds {file}.', 'Edit that file, or choose another folder.', {
    exit: 2,
    status: 409,
  }),
  'config-invalid': entry('{file}: {problem}', 'Correct that entry; docs/configuration.md lists every key.', {
    exit: 2,
  }),
  'config-unreadable': entry(
    '{file} cannot be read: {problem}',
    'Check the syntax of the file and that it may be read.',
    { exit: 2 },
  ),
  'config-not-editable': entry(
    '{file} is a program, so it is not edited for you. Add these lines yourself:\n{lines}',
    'Paste the lines into the config, or use a fulcrum.config.json.',
    { exit: 2 },
  ),
  'node-too-old': entry(
    'Node {found} runs this; Fulcrum needs Node {needed}.',
    'Run "npm install" in the folder of Fulcrum so that its bundled Node is present, or install a newer Node.',
  ),
} as const satisfies Record<string, ErrorEntry>;
