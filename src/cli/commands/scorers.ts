import type { Command } from 'commander';
import type { Scorer } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { withEvaluation } from '../evaluation-command.ts';

/** One metric as `scorers list` shows it. */
interface ListedScorer {
  readonly name: string;
  readonly description: string;
  readonly direction: 'higher' | 'lower';
  readonly needs: readonly string[];
  /** Its config, `{type: "own"}` for a function; null for a built-in one. */
  readonly config: unknown;
  /** Why it cannot work; null when it can. */
  readonly problem: string | null;
}

/** `fulcrum scorers list`: every metric that a run has, and whether its scorer can work. */
export function registerScorers(program: Command): void {
  const scorers = program
    .command('scorers')
    .description('what judges the answers: built in, configured and your own');
  scorers
    .command('list')
    .description('list the metrics of a run, and whether each scorer of the config can work')
    .addHelpText(
      'after',
      '\nExit status 1 when one cannot work, for example for want of its schema file.\n\nExamples:\n  fulcrum scorers list\n  fulcrum scorers list --json',
    )
    .action(
      runCommand(async (context) => {
        const listed = await withEvaluation(context, (room) => Promise.all(room.scorers.map(describeScorer)));
        const width = Math.max(...listed.map(({ name }) => name.length));
        const text = listed.map((scorer) => scorerLine(scorer, width)).join('\n');
        return {
          json: { scorers: listed },
          text,
          exit: listed.some(({ problem }) => problem !== null) ? 1 : 0,
        };
      }),
    );
}

async function describeScorer(scorer: Scorer): Promise<ListedScorer> {
  const { name, description, direction, needs } = scorer;
  let problem: string | null = null;
  try {
    await scorer.prepare?.();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  return { name, description, direction, needs, config: scorer.definition ?? null, problem };
}

function scorerLine(
  { name, description, direction, needs, config, problem }: ListedScorer,
  width: number,
): string {
  const notes = [
    ...(direction === 'lower' ? ['lower is better'] : []),
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
    ...(config === null ? [] : ['from the config']),
  ].join('; ');
  const line = `${name.padEnd(width)}  ${description}${notes === '' ? '' : ` (${notes})`}`;
  return problem === null ? line : `${line}\n${' '.repeat(width)}  ! ${problem}`;
}
