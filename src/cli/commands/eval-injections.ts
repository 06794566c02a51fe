import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum eval injections`: what texts planted in documents make a variant do. */
export function registerEvalInjections(program: Command): void {
  program.commands
    .find((command) => command.name() === 'eval')
    ?.command('injections')
    .requiredOption('--variants <names>', 'variants that read the corpus, separated by commas')
    .option('--sample <n>', 'only so many of the 64 planted documents, spread over the kinds')
    .description('ask variants over documents with injected texts, and count what gets through')
    .addHelpText(
      'after',
      '\nThe documents are ours and lie in a temporary folder; yours are not read. Exit status 1 when a citation was false or a document was shown to\nsomebody who may not read it, which no model can bring about (docs/injection.md).\n\nExamples:\n  fulcrum eval injections --variants extract,rag\n  fulcrum eval injections --variants rag --sample 14 --json',
    )
    .action(
      runCommand<{ variants: string; sample?: string }>(async (context, options) => {
        const { renderInjectionReport } = await import('../../experiments/index.ts');
        const report = await withCommandProject(context, (project) =>
          project.tryInjections({
            variants: options.variants
              .split(',')
              .map((name) => name.trim())
              .filter((name) => name !== ''),
            sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
          }),
        );
        const faults = report.variants.some(({ falseCitations, leaked }) => falseCitations + leaked > 0);
        return { json: report, text: renderInjectionReport(report), exit: faults ? 1 : 0 };
      }),
    );
}
