import type { Command } from 'commander';
import type { Job } from '../../jobs/index.ts';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum jobs list|run|cancel`: background work of the project. */
export function registerJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('background work (for example embedding after sync --background)');

  jobs
    .command('list')
    .description('list the jobs, newest first')
    .action(
      runCommand(async (context) => {
        const { withProject } = await import('../../app/index.ts');
        const list = await withProject(context.projectDirectory, {}, async (project) =>
          (await project.jobs()).list(),
        );
        return { json: { jobs: list }, text: list.map(jobLine).join('\n') || 'No jobs.' };
      }),
    );

  jobs
    .command('run')
    .argument('[id]', 'the job; without it every job that waits')
    .description('run a job, or all that wait, to the end in this process')
    .action(
      runCommand(async (context, _options, id?: string) => {
        const { onProgress } = context.terminal;
        const done = await withCommandProject(context, async (project) => {
          const queue = await project.jobs();
          const ids = id === undefined ? (await queue.list()).filter(isOpen).map((job) => job.id) : [id];
          const ended: Job[] = [];
          for (const each of ids) ended.push(await queue.run(each, { signal: context.signal, onProgress }));
          return ended;
        });
        return { json: { jobs: done }, text: done.map(jobLine).join('\n') || 'Nothing to do.' };
      }),
    );

  jobs
    .command('cancel')
    .argument('<id>', 'the job')
    .description('stop a job wherever it runs')
    .action(
      runCommand(async (context, _options, id = '') => {
        const { withProject } = await import('../../app/index.ts');
        const job = await withProject(context.projectDirectory, {}, async (project) =>
          (await project.jobs()).cancel(id),
        );
        return { json: job, text: jobLine(job) };
      }),
    );
}

/** Jobs that a run without an id takes up: waiting ones and those whose process may have died. */
function isOpen(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

function jobLine(job: Job): string {
  const progress = job.progress
    ? `  ${job.progress.done}/${job.progress.total ?? '?'} ${job.progress.unit}`
    : '';
  const error = job.error ? `  ${job.error.code}: ${job.error.message}` : '';
  return `${job.id}  ${job.kind}  ${job.state}${progress}${error}  ${job.createdAt}`;
}
