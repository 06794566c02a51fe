import type { Command } from 'commander';
import type { Project } from '../../app/index.ts';
import { type Answer, FulcrumError } from '../../core/index.ts';
import type { supportedPrecision, Turn } from '../../variants/index.ts';
import { type AsOption, addAsOption, principalOf } from '../as-option.ts';
import { citationLines } from '../citation-text.ts';
import { runCommand } from '../command.ts';
import { collect } from '../dataset-options.ts';
import { addFilterOptions, type FilterOptions, readFilterOptions } from '../filter-options.ts';
import { printable } from '../printable.ts';
import { withCommandProject } from '../with-command-project.ts';

/** What `supported` is worth, for those who read the answer. */
type SupportedPrecision = typeof supportedPrecision;

interface AskOptions extends FilterOptions, AsOption {
  context?: string[];
  variant?: string;
  history?: string;
}

/** `fulcrum ask`: one cited answer. */
export function registerAsk(program: Command): void {
  const command = program
    .command('ask')
    .argument('<question...>', 'the question')
    .option(
      '--variant <name>',
      'which variant answers (default: "defaultVariant" of the config, else extract)',
    )
    .option('--history <file>', 'earlier turns of the conversation: JSON or JSONL of {role, content}');
  command.option(
    '--context <name=value>',
    'a value for the providers under "context" of the config, e.g. account=42 (may be repeated)',
    collect,
  );
  addAsOption(addFilterOptions(command))
    .description('answer a question from the corpus, with citations that quote it')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum ask "How do I stream text?"\n  fulcrum ask "How do I stream text?" --variant rag --json\n  fulcrum ask "And for contractors?" --history turns.json --where team=hr',
    )
    .action(
      runCommand<AskOptions>(async (context, options, ...words) => {
        const question = words.join(' ').trim();
        if (question === '') throw new FulcrumError('usage', { problem: 'The question is empty.' });
        const principal = principalOf(options);
        let understood: string | undefined;
        let streamed = '';
        const onText = (piece: string): void => {
          streamed += piece;
          process.stdout.write(printable(piece));
        };
        const { answer, variant, index } = await withCommandProject(context, async (project) => {
          const filter = await readFilterOptions(options, project, principal);
          const turns = await readHistory(options.history);
          const name = options.variant ?? project.config.defaultVariant;
          const chosen = await (await project.variants()).get(name);
          const given = await chosen.answer({
            input: question,
            principal,
            filter,
            turns,
            context: contextValues(options.context),
            onUnderstood: (standalone) => {
              understood = standalone;
              if (!context.json) context.terminal.notice(`Understood as: ${standalone}`);
            },
            signal: context.signal,
            onText: context.json ? undefined : onText,
          });
          return { answer: given, variant: name, index: await indexOf(project, principal.tenant) };
        });
        const { supportedPrecision } = await import('../../variants/index.ts');
        return {
          json: { ...(askJson(answer, variant, understood, supportedPrecision) as object), index },
          text: askText(answer, streamed, supportedPrecision, options.context !== undefined),
        };
      }),
    );
}

/** The version of the index that was asked; null before the first sync. */
async function indexOf(project: Project, tenant: string): Promise<{ version: number; name: string } | null> {
  const [live] = await (await project.knowledge()).versions(tenant).list();
  return live ? { version: live.number, name: live.name } : null;
}

/** `name=value` by name. Throws `usage`. */
function contextValues(given: readonly string[] = []): Record<string, string> {
  const values = new Map<string, string>();
  for (const pair of given) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (at < 1 || values.has(name))
      throw new FulcrumError('usage', {
        problem: `--context takes NAME=VALUE, each name once, not "${pair}".`,
      });
    values.set(name, pair.slice(at + 1));
  }
  return Object.fromEntries(values);
}

/** What people are told of providers that gave nothing although they were asked. */
function contextText({ requestContexts = [] }: Answer, wanted: boolean): string[] {
  const why: Partial<Record<NonNullable<Answer['requestContexts']>[number]['status'], string>> = {
    empty: 'has nothing for this request',
    'not-allowed': 'may not be used by who asks',
    'not-asked': 'was not asked: it needs a value that --context does not give',
  };
  return requestContexts.flatMap(({ provider, status, reason }) => {
    if (status === 'unavailable')
      return [
        `\nThe context "${provider}" was not available: ${reason ?? 'it failed'}. The answer does without it.`,
      ];
    // Who gave values waits for what they fetch; without any, most questions are not about a provider.
    return wanted && why[status] ? [`\nThe context "${provider}" ${why[status]}.`] : [];
  });
}

/** The earlier turns of `--history`; undefined without it. */
async function readHistory(file: string | undefined): Promise<Turn[] | undefined> {
  if (file === undefined) return undefined;
  const { readTurns } = await import('../../variants/index.ts');
  return readTurns(file);
}

function askJson(
  answer: Answer,
  variant: string,
  understoodAs: string | undefined,
  supportedPrecision: SupportedPrecision,
): unknown {
  const { citations, claims = [], notices = [], removedCitations, refusal, usage, cost, seconds } = answer;
  const { requestContexts } = answer;
  return {
    answer: answer.answer,
    understoodAs,
    citations,
    claims,
    notices,
    removedCitations,
    refusal,
    supportedPrecision,
    ...(requestContexts ? { requestContexts } : {}),
    ...(answer.classification ? { classification: answer.classification } : {}),
    variant,
    usage,
    costUsd: cost.usd,
    seconds,
  };
}

/** What comes below the streamed text: what of the answer was not streamed, its citations, or the refusal. */
function askText(
  answer: Answer,
  streamed: string,
  supportedPrecision: SupportedPrecision,
  contextWanted: boolean,
): string {
  const lines: string[] = [];
  if (streamed === '') lines.push(answer.answer);
  else lines.push('');
  if (answer.refusal) lines.push(refusalText(answer));
  if (answer.classification) {
    const { label, probability } = answer.classification;
    lines.push(`  class "${label}", probability ${probability.toFixed(3)}`);
  }
  lines.push(...citationLines(answer, supportedPrecision));
  lines.push(...contextText(answer, contextWanted));
  return lines.join('\n').replace(/^\n(?=No answer)/, '');
}

function refusalText({ refusal }: Answer): string {
  const reasons: Record<NonNullable<Answer['refusal']>['reason'], string> = {
    'not-in-corpus': 'No answer: the corpus does not seem to hold one.',
    'no-documents': 'No answer: there is nothing to answer from. Run "fulcrum sync" first.',
    'model-declined': 'No answer: the model declined.',
    'label-rejected': 'No class: none was probable enough.',
  };
  if (!refusal) return '';
  return `${reasons[refusal.reason]}${refusal.detail === undefined ? '' : `\n  ${refusal.detail}`}`;
}
