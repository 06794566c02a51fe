import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface DistillFlags {
  teacher: string;
  dataset: string;
  name: string;
  filter?: string[];
  prune?: boolean;
  sample?: string;
  budget?: string;
}

/** `fulcrum tune distill`. */
export function registerTuneDistill(tune: Command): void {
  tune
    .command('distill')
    .requiredOption('--teacher <variant>', 'variant whose answers are learnt')
    .requiredOption('--dataset <name>', 'dataset whose train split holds real prompts')
    .requiredOption('--name <name>', 'name of the rows')
    .option(
      '--filter <metric=least>',
      'keep only answers with at least this score, e.g. correct=1',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option(
      '--prune',
      'leave the system prompt and worked examples out of the rows, so that the student need not read them',
    )
    .option('--sample <n>', 'only so many prompts')
    .option('--budget <usd>', 'stop when so much is spent')
    .description('have a teacher answer real prompts, and keep what scorers pass as rows for tuning')
    .addHelpText(
      'after',
      '\nEvery row names its teacher. Several vendors forbid training models that compete with theirs on their answers: read the terms of the\nteacher first.\n\nExample:\n  fulcrum tune distill --teacher rag-openai --dataset questions --name distilled --filter correct=1 --prune',
    )
    .action(
      runCommand<DistillFlags>(async (context, options) => {
        const { distill } = await import('../../app/index.ts');
        const filters = (options.filter ?? []).map((text) => {
          const [metric = '', least = ''] = text.split('=');
          if (metric === '' || least.trim() === '' || !Number.isFinite(Number(least)))
            throw new FulcrumError('usage', { problem: `--filter takes METRIC=LEAST, not "${text}".` });
          return { metric, least: Number(least) };
        });
        const result = await withCommandProject(context, (project) =>
          distill(project, {
            ...{
              teacher: options.teacher,
              dataset: options.dataset,
              name: options.name,
              filters,
              prune: options.prune === true,
            },
            sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
            onProgress: context.terminal.onProgress,
            onNotice: context.terminal.notice,
            signal: context.signal,
          }),
        );
        const { teacher, student } = result.promptCharacters;
        const saved = teacher === 0 ? 0 : 1 - student / teacher;
        const text = [
          `${result.kept} of ${result.asked} answers became rows: ${result.data.name}@${result.data.version} (run ${result.run}).`,
          ...Object.entries(result.leftOut).map(([reason, count]) => `  ${count} left out: ${reason}`),
          ...(options.prune
            ? [`Without the static prompt the student reads ${(100 * saved).toFixed(1)} % fewer characters.`]
            : []),
          `Next: fulcrum tune data split ${result.data.name}, fulcrum tune data check ${result.data.name}`,
        ].join('\n');
        return { json: result, text };
      }),
    );
}
