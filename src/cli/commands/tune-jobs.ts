import type { Command } from 'commander';
import type { TuningJob } from '../../tuning/index.ts';
import { runCommand } from '../command.ts';
import { inputPath, numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';
import { jobResult } from './tune-run.ts';

/** `fulcrum tune jobs|show|resume|collect|cancel`. */
export function registerTuneJobs(tune: Command): void {
  tune
    .command('jobs')
    .description('list the tuning jobs, newest first')
    .addHelpText('after', '\nExample:\n  fulcrum tune jobs --json')
    .action(
      runCommand(async (context) => {
        const jobs = await withCommandProject(context, async (project) => {
          const tuning = await project.tuning();
          const known = await tuning.jobs.list();
          const work = { signal: context.signal };
          return Promise.all(known.map((job) => (isOpen(job) ? tuning.jobs.refresh(job.id, work) : job)));
        });
        const lines = jobs.map(
          ({ id, state, provider, base, data, model, createdAt }) =>
            `${id}  ${state.padEnd(10)}  ${provider}  ${base}  ${data.name}@${data.version}  ${model ?? '-'}  ${createdAt}`,
        );
        return { json: { jobs }, text: lines.length === 0 ? 'There are no tuning jobs.' : lines.join('\n') };
      }),
    );

  tune
    .command('show')
    .argument('<job>', 'id of the job')
    .option('--events', 'everything that it reported')
    .description('show how far a job is, what it reported and what it made')
    .addHelpText('after', '\nExample:\n  fulcrum tune show tune_m3k2x9a1-7f3c09ab12 --events')
    .action(
      runCommand<{ events?: boolean }>(async (context, options, id = '') => {
        const { job, events } = await withCommandProject(context, async (project) => {
          const { jobs } = await project.tuning();
          const found = await jobs.get(id);
          const job = isOpen(found) ? await jobs.refresh(id, { signal: context.signal }) : found;
          return { job, events: await jobs.events(id) };
        });
        const shown = options.events ? events : events.slice(-5);
        const { text, exit } = jobResult(job);
        return {
          json: { ...job, events: shown },
          text: [
            `${job.name}: ${job.method} of ${job.base} on ${job.data.name}@${job.data.version} by ${job.provider}, begun ${job.createdAt}`,
            text,
            ...shown.map(
              ({ at, level, message }) => `  ${at}  ${level === 'info' ? '' : `${level}: `}${message}`,
            ),
          ].join('\n'),
          exit,
        };
      }),
    );

  tune
    .command('resume')
    .argument('<job>', 'id of the job')
    .option('--detach', 'return as soon as it runs')
    .description('go on with a job that was interrupted, from its last checkpoint')
    .addHelpText('after', '\nExample:\n  fulcrum tune resume tune_m3k2x9a1-7f3c09ab12')
    .action(
      runCommand<{ detach?: boolean }>(async (context, options, id = '') => {
        const job = await withCommandProject(context, async (project) => {
          const { jobs } = await project.tuning();
          const work = {
            onNotice: context.terminal.notice,
            onProgress: context.terminal.onProgress,
            signal: context.signal,
          };
          const known = await jobs.refresh(id, work);
          const resumed =
            known.state === 'running' || known.state === 'succeeded' ? known : await jobs.resume(id, work);
          return options.detach ? resumed : jobs.watch(id, work);
        });
        return jobResult(job);
      }),
    );

  tune
    .command('collect')
    .argument('<job>', 'id of the job')
    .argument('<folder>', 'what "tune run --to" wrote, with what the other machine left in it')
    .option('--usd <usd>', 'what the other machine cost')
    .description('take the results of a job that ran on another machine')
    .addHelpText('after', '\nExample:\n  fulcrum tune collect tune_m3k2x9a1-7f3c09ab12 job --usd 4.20')
    .action(
      runCommand<{ usd?: string }>(async (context, options, id = '', folder = '') => {
        const usd = numberOption('--usd', options.usd, { whole: false, least: 0 });
        const job = await withCommandProject(context, async (project) =>
          (await project.tuning()).jobs.collect(id, inputPath(context, folder), {
            signal: context.signal,
            usd,
          }),
        );
        return jobResult(job);
      }),
    );

  tune
    .command('cancel')
    .argument('<job>', 'id of the job')
    .description('stop a job; what it made so far is kept where the provider keeps it')
    .addHelpText('after', '\nExample:\n  fulcrum tune cancel tune_m3k2x9a1-7f3c09ab12')
    .action(
      runCommand(async (context, _options, id = '') => {
        const job = await withCommandProject(context, async (project) =>
          (await project.tuning()).jobs.cancel(id, { signal: context.signal }),
        );
        return { ...jobResult(job), exit: 0 };
      }),
    );
}

function isOpen({ state, model, providerJob }: TuningJob): boolean {
  return (
    providerJob !== null &&
    (state !== 'succeeded' || model === null) &&
    state !== 'failed' &&
    state !== 'cancelled'
  );
}
