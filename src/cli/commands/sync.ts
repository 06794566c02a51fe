import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { SyncReport } from '../../knowledge/index.ts';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** Failures named in the text of a report; the JSON has all of them. */
const failuresShown = 10;

/** `fulcrum sync`: brings the sources into the index. */
export function registerSync(program: Command): void {
  program
    .command('sync')
    .argument('[name]', 'only this source; without it all of them')
    .option('--background', 'return as soon as the text is searchable and embed in a job')
    .option('--rebuild', 'drop the search index and make it anew from the database')
    .description('read the sources and bring what is new or changed into the index')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum sync\n  fulcrum sync docs --background\n  fulcrum sync --json',
    )
    .action(
      runCommand<{ background?: boolean; rebuild?: boolean }>(async (context, options, source) => {
        const { background, rebuild } = options;
        const { report, job } = await withCommandProject(context, async (project) => {
          const knowledge = await project.knowledge();
          const report = await knowledge.sync({ source, background, rebuild });
          if (!background || project.config.embedding === false) return { report, job: null };
          return { report, job: await (await project.jobs()).enqueue('embed', null) };
        });
        if (job) {
          runInBackground(job.id, context.projectDirectory);
          context.terminal.notice(`Embedding goes on in ${job.id}; "fulcrum jobs list" shows how far it is.`);
        }
        return { json: report, text: syncText(report), exit: report.failed.length > 0 ? 1 : 0 };
      }),
    );
}

/** Starts `fulcrum jobs run JOB` in a process that outlives this one. */
function runInBackground(job: string, directory: string): void {
  const program = process.argv[1] ?? '';
  const child = spawn(
    process.execPath,
    [...process.execArgv, program, 'jobs', 'run', job, '--project', directory, '--json'],
    { detached: true, stdio: 'ignore' },
  );
  child.unref();
}

function syncText(report: SyncReport): string {
  const { added, changed, unchanged, removed, failed, chunks, embedded, seconds } = report;
  const lines = [
    `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed, ${failed.length} failed`,
    `${chunks} chunks in the index, ${embedded} embedded now, ${seconds.toFixed(1)} s`,
    ...failed.slice(0, failuresShown).map((failure) => `  ${failure.uri}: ${failure.message}`),
  ];
  if (report.suppressed > 0)
    lines.splice(
      1,
      0,
      `${report.suppressed} left out since they were deleted for good (fulcrum documents deletions)`,
    );
  if (failed.length > failuresShown) lines.push(`  and ${failed.length - failuresShown} more (see --json)`);
  return lines.join('\n');
}
