import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';
import { registerVariantsRemove } from './variants-remove.ts';

interface AddOptions {
  model?: string;
  retriever?: boolean;
  oracle?: boolean;
  fullContext?: boolean;
  fewShot?: string;
  k?: string;
  choose?: string;
  instructions?: string;
  http?: string;
  body?: string;
  header?: string[];
  answerPath?: string;
  contextsPath?: string;
  costPath?: string;
  command?: string;
  module?: string;
  recorded?: string;
  timeout?: string;
  first?: string;
  then?: string;
  below?: string;
}

/** `fulcrum variants list|show|add|remove`: the ways to answer. */
export function registerVariants(program: Command): void {
  const variants = program.command('variants').description('the ways to answer that are compared and served');
  registerList(variants);
  registerShow(variants);
  registerAdd(variants);
  registerVariantsRemove(variants);
}

function registerList(variants: Command): void {
  variants
    .command('list')
    .description('list the variants of the project')
    .addHelpText('after', '\nExample:\n  fulcrum variants list --json')
    .action(
      runCommand(async (context) => {
        const { withProject } = await import('../../app/index.ts');
        const listed = await withProject(context.projectDirectory, {}, async (project) =>
          (await project.variants()).list(),
        );
        const width = Math.max(...listed.map(({ name }) => name.length));
        return {
          json: { variants: listed },
          text: listed
            .map(
              ({ name, kind, deployable, config }) =>
                `${name.padEnd(width)}  ${kind.padEnd(8)}  ${deployable ? '' : '(diagnostic) '}${JSON.stringify(config)}`,
            )
            .join('\n'),
        };
      }),
    );
}

function registerShow(variants: Command): void {
  variants
    .command('show')
    .argument('<name>', 'name of the variant')
    .description('show everything that the answers of a variant depend on')
    .addHelpText('after', '\nExample:\n  fulcrum variants show rag')
    .action(
      runCommand(async (context, _options, name = '') => {
        const shown = await withCommandProject(context, async (project) => {
          const { kind, deployable, definition } = await (await project.variants()).get(name);
          return { name, kind, deployable, definition };
        });
        return { json: shown, text: JSON.stringify(shown, null, 2) };
      }),
    );
}

function registerAdd(variants: Command): void {
  variants
    .command('add')
    .argument('<name>', 'name of the variant')
    .option('--model <model>', 'a language model, PROVIDER/MODEL')
    .option('--retriever', 'with --model: read the corpus first')
    .option('--oracle', 'with --model: read the gold evidence of the sample (diagnostic)')
    .option('--full-context', 'with --model: read the whole corpus; skipped in runs where it does not fit')
    .option('--few-shot <dataset>', 'with --model: show solved samples of the train split of this dataset')
    .option('--k <n>', 'with --few-shot: how many (default: 4)')
    .option(
      '--choose <way>',
      'with --few-shot: fixed (default), or nearest to the question by keyword or embedding',
    )
    .option('--instructions <text>', 'with --model: instructions in place of the built-in ones')
    .option('--http <url>', 'your pipeline behind HTTP; gets {"id", "input"} by POST')
    .option('--body <json>', 'with --http: another body, with {{input}} and {{id}} in it')
    .option(
      '--header <header...>',
      'with --http: "Name: value"; keys come from the environment (docs/variants.md)',
    )
    .option('--answer-path <path>', 'with --http: place of the answer in the reply, e.g. choices.0.text')
    .option('--contexts-path <path>', 'with --http: place of the contexts in the reply')
    .option('--cost-path <path>', 'with --http: place of the cost in USD in the reply')
    .option('--command <argv>', 'your pipeline as a program; a JSON list, or words separated by spaces')
    .option(
      '--module <file>',
      'your pipeline as a JavaScript or TypeScript module that exports answer({id, input})',
    )
    .option('--recorded <file>', 'outputs of your pipeline: JSONL of {id, answer, contexts?, costUsd?}')
    .option('--first <variant>', 'a cascade: the variant that answers first; with --then and --below')
    .option('--then <variant>', 'with --first: the variant that is asked where the first is not sure')
    .option('--below <confidence>', 'with --first: confidence under which the other is asked, 0 to 1')
    .option('--timeout <seconds>', 'seconds until an answer of your pipeline counts as an error')
    .description('add a variant to the config')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum variants add small --model openai/gpt-5-mini --retriever\n  fulcrum variants add shown --model openai/gpt-5-mini --few-shot questions\n  fulcrum variants add ours --http http://localhost:8080/ask --answer-path answer\n  fulcrum variants add ours --command "python3 answer.py"\n  fulcrum variants add ours --module ./pipeline.ts\n  fulcrum variants add last-week --recorded outputs.jsonl\n  fulcrum variants add both --first extract --then small --below 0.6',
    )
    .action(
      runCommand<AddOptions>(async (context, options, name = '') => {
        const { addVariant, checkRecording, loadConfig } = await import('../../app/index.ts');
        const recording =
          options.recorded === undefined
            ? null
            : await checkRecording(context.projectDirectory, options.recorded);
        const definition = variantDefinition(recording ? { ...options, recorded: recording.path } : options);
        const { variants: present } = await loadConfig(context.projectDirectory);
        if (Object.hasOwn(present, name)) throw new FulcrumError('variant-exists', { variant: name });
        await addVariant(context.projectDirectory, name, definition);
        return {
          json: { variant: name, ...definition },
          text:
            recording === null
              ? `Added the variant "${name}".\nNext: fulcrum ask "…" --variant ${name}`
              : `Added the variant "${name}" with recorded answers to ${recording.samples} samples.\nNext: fulcrum eval run --dataset NAME --variants ${name}`,
        };
      }),
    );
}

/** The config entry that the options describe; exactly one way to answer must be named. */
function variantDefinition(options: AddOptions): Record<string, unknown> {
  const { model, http, command, module, recorded, first } = options;
  if ([model, http, command, module, recorded, first].filter((way) => way !== undefined).length !== 1)
    throw new FulcrumError('usage', {
      problem:
        'Name exactly one of --model MODEL, --http URL, --command ARGV, --module FILE, --recorded FILE and --first VARIANT.',
    });
  if (first !== undefined) return cascadeDefinition(first, options);
  if (model !== undefined)
    return defined({
      reader: 'generate',
      model,
      retriever: options.retriever,
      evidence: options.oracle ? 'oracle' : options.fullContext ? 'full-context' : undefined,
      fewShot:
        options.fewShot === undefined
          ? undefined
          : defined({
              dataset: options.fewShot,
              k: numberOption('--k', options.k, { whole: true, least: 1 }),
              choose: options.choose,
            }),
      instructions: options.instructions,
    });
  const timeoutSeconds = options.timeout === undefined ? undefined : Number(options.timeout);
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0))
    throw new FulcrumError('usage', { problem: `--timeout takes seconds, not "${options.timeout}".` });
  const way =
    http !== undefined
      ? { http: httpDefinition(http, options) }
      : command !== undefined
        ? { command: commandWords(command) }
        : module !== undefined
          ? { module }
          : { recorded };
  return { external: defined({ ...way, timeoutSeconds }) };
}

function cascadeDefinition(first: string, { then: other, below }: AddOptions): Record<string, unknown> {
  const threshold = numberOption('--below', below, { whole: false, least: 0 });
  if (other === undefined || threshold === undefined || threshold > 1)
    throw new FulcrumError('usage', {
      problem: 'A cascade takes --first VARIANT, --then VARIANT and --below with a confidence from 0 to 1.',
    });
  // biome-ignore lint/suspicious/noThenProperty: the key of the config; it is never awaited.
  return { cascade: { first, then: other, below: threshold } };
}

function httpDefinition(url: string, options: AddOptions): Record<string, unknown> {
  const headers = Object.fromEntries(
    (options.header ?? []).map((header) => {
      const colon = header.indexOf(':');
      if (colon < 1)
        throw new FulcrumError('usage', { problem: `--header takes "Name: value", not "${header}".` });
      return [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
    }),
  );
  return defined({
    url,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    body: options.body === undefined ? undefined : jsonOrText(options.body),
    answerPath: options.answerPath,
    contextsPath: options.contextsPath,
    costPath: options.costPath,
  });
}

function commandWords(command: string): unknown {
  const parsed = command.trim().startsWith('[') ? jsonOrText(command) : null;
  return Array.isArray(parsed) ? parsed : command.split(/\s+/).filter((word) => word !== '');
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
