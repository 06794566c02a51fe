import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { TuningEstimate, TuningJob, TuningJobRequest, TuningMethod } from '../../tuning/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath, numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface RunFlags {
  provider: string;
  data: string;
  base?: string;
  method?: string;
  name?: string;
  outputSchema?: string;
  epochs?: string;
  maxSteps?: string;
  learningRate?: string;
  batchSize?: string;
  rank?: string;
  alpha?: string;
  maxTokens?: string;
  seed?: string;
  own?: string[];
  maxUsd?: string;
  yes?: boolean;
  detach?: boolean;
  to?: string;
  estimate?: boolean;
}

const methods: readonly TuningMethod[] = ['classifier', 'query-projection', 'sft', 'dpo'];

/** `fulcrum tune run`. */
export function registerTuneRun(tune: Command): void {
  tune
    .command('run')
    .requiredOption('--provider <name>', 'who trains: heads, local, openai, or one of the config')
    .requiredOption('--data <name>', 'rows, NAME or NAME@VERSION')
    .option(
      '--base <model>',
      'provider/model to start from (default: the project’s embedding model for heads, local/smollm2-135m-instruct for local)',
    )
    .option('--method <method>', 'classifier, query-projection, sft or dpo (default: what the rows are for)')
    .option('--name <name>', 'name of the model that comes of it (default: the name of the rows)')
    .option(
      '--output-schema <file>',
      'JSON schema of the answers; decoding is held to it when the model is asked',
    )
    .option('--epochs <n>', 'passes over the rows')
    .option('--max-steps <n>', 'stop after so many steps')
    .option('--learning-rate <x>', 'step size')
    .option('--batch-size <n>', 'rows of a step')
    .option('--rank <n>', 'rank of the adapter')
    .option('--alpha <n>', 'scale of the adapter')
    .option('--max-tokens <n>', 'longest row; longer ones are left out and named')
    .option('--seed <n>', 'of the order of rows and the first weights')
    .option('--own <name=value>', 'a setting that only this provider has', collect, [])
    .option('--max-usd <usd>', 'refuse a job that would cost more')
    .option('--yes', 'do not ask before rows are sent or money is spent')
    .option('--estimate', 'only say what it would take; nothing is started')
    .option('--detach', 'return as soon as it runs; "fulcrum tune jobs" shows how far it is')
    .option(
      '--to <folder>',
      'write the job as a folder for another machine, with a Dockerfile; start nothing',
    )
    .description('train a model on checked rows; tokens and price come first')
    .addHelpText(
      'after',
      '\n--json prints {"jobId", "state", "model"}. The model is at once the variant tuned:ID (and hybrid:ID with the retriever).\nCtrl-C leaves the job running; "fulcrum tune cancel" stops it.\n\nExamples:\n  fulcrum tune run --provider heads --data intents\n  fulcrum tune run --provider local --data slots --output-schema slots.schema.json --epochs 3\n  fulcrum tune run --provider openai --base openai/gpt-4.1-mini --data support --estimate\n  fulcrum tune run --provider local --data slots --base /models/qwen --to job',
    )
    .action(
      runCommand<RunFlags>(async (context, options) =>
        withCommandProject(context, async (project) => {
          const { jobs, data, provider: providerOf } = await project.tuning();
          const provider = await providerOf(options.provider);
          const found = await data.get(options.data);
          const request = await requestOf(
            context,
            options,
            { name: found.name, version: found.version },
            provider.capabilities.methods,
            project.config.embedding,
          );
          const work = {
            onNotice: context.terminal.notice,
            onProgress: context.terminal.onProgress,
            signal: context.signal,
          };
          const estimate = await jobs.estimate(request, work);
          for (const line of estimateLines(estimate)) context.terminal.notice(line);
          if (options.estimate) return { json: { estimate }, text: '' };
          checkBudget(
            estimate,
            request,
            numberOption('--max-usd', options.maxUsd, { whole: false, least: 0 }),
          );
          if (provider.capabilities.sendsRows && provider.capabilities.verifiedLive === null)
            context.terminal.notice(
              `The provider "${provider.name}" was not verified live: fulcrum tune verify-provider ${provider.name}`,
            );
          if (provider.capabilities.sendsRows && !options.yes)
            await confirmSending(context, provider.name, estimate);
          if (options.to !== undefined)
            return packedResult(await jobs.pack(request, resolve(options.to), work), options.to);
          const started = await jobs.start(request, work);
          const job = options.detach
            ? started
            : await jobs.watch(started.id, {
                ...work,
                onEvent: (event) => event.level !== 'info' && context.terminal.notice(event.message),
              });
          return jobResult(job);
        }),
      ),
    );
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

async function requestOf(
  context: CommandContext,
  options: RunFlags,
  data: TuningJobRequest['data'],
  supported: readonly TuningMethod[],
  embedding: string | false,
): Promise<TuningJobRequest> {
  const number = (flag: string, given: string | undefined, whole: boolean, least: number) =>
    numberOption(flag, given, { whole, least });
  const method =
    options.method === undefined ? supported[0]! : methods.find((each) => each === options.method);
  if (!method)
    throw new FulcrumError('usage', {
      problem: `--method takes ${methods.join(', ')}, not "${options.method}".`,
    });
  const { readSchemaFile } = await import('../../variants/index.ts');
  const isHead = method === 'classifier' || method === 'query-projection';
  const base =
    options.base ?? (isHead ? embedding || 'local/bge-small-en-v1.5' : 'local/smollm2-135m-instruct');
  return {
    name: options.name ?? data.name,
    provider: options.provider,
    method,
    base,
    data,
    ...(options.outputSchema !== undefined && {
      outputSchema: await readSchemaFile(inputPath(context, options.outputSchema)),
    }),
    settings: {
      epochs: number('--epochs', options.epochs, false, 0.01),
      maxSteps: number('--max-steps', options.maxSteps, true, 1),
      learningRate: number('--learning-rate', options.learningRate, false, 0),
      batchSize: number('--batch-size', options.batchSize, true, 1),
      rank: number('--rank', options.rank, true, 1),
      alpha: number('--alpha', options.alpha, false, 0),
      maxTokens: number('--max-tokens', options.maxTokens, true, 8),
      seed: number('--seed', options.seed, true, 0),
      own: ownSettings(options.own ?? []),
    },
  };
}

function ownSettings(pairs: readonly string[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      if (name === '' || value === '')
        throw new FulcrumError('usage', { problem: `--own takes name=value, not "${pair}".` });
      const typed =
        value === 'true'
          ? true
          : value === 'false'
            ? false
            : Number.isFinite(Number(value))
              ? Number(value)
              : value;
      return [name, typed];
    }),
  );
}

/** What a job would take, a line each. */
export function estimateLines(estimate: TuningEstimate): string[] {
  const {
    rows,
    tokensPerEpoch,
    trainedTokensPerEpoch,
    epochs,
    tokensCounted,
    cost,
    hostingUsdPerHour,
    seconds,
  } = estimate;
  const about = tokensCounted ? '' : 'about ';
  const minutes = (value: number): string =>
    value < 90 ? `${Math.ceil(value)} s` : `${Math.round(value / 60)} min`;
  return [
    tokensPerEpoch > 0
      ? `${rows} rows, ${about}${tokensPerEpoch} tokens an epoch (${about}${trainedTokensPerEpoch} of them trained on), ${round(epochs)} epochs.`
      : `${rows} rows.`,
    `Cost: ${cost.usd === null ? 'unknown' : `$${cost.usd.toFixed(4)}`} (${cost.basis})${hostingUsdPerHour ? `, and $${hostingUsdPerHour.toFixed(2)} an hour to serve it` : ''}.`,
    ...(seconds ? [`Time: ${minutes(seconds.low)} to ${minutes(seconds.high)}, roughly.`] : []),
    ...estimate.notes,
  ];
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function checkBudget({ cost }: TuningEstimate, { base }: TuningJobRequest, limit: number | undefined): void {
  if (limit === undefined) return;
  if (cost.usd === null) throw new FulcrumError('tuning-cost-unknown', { base });
  if (cost.usd > limit)
    throw new FulcrumError('tuning-over-budget', { estimate: cost.usd.toFixed(2), limit });
}

async function confirmSending(
  context: CommandContext,
  provider: string,
  { rows, cost }: TuningEstimate,
): Promise<void> {
  const price = cost.usd === null ? 'an unknown price' : `about $${cost.usd.toFixed(2)}`;
  if (!process.stdin.isTTY || context.json)
    throw new FulcrumError('usage', {
      problem: `This sends ${rows} rows to ${provider} for ${price}. Say so with --yes.`,
    });
  const { confirm, isCancel } = await import('@clack/prompts');
  const agreed = await confirm({
    message: `Send ${rows} rows to ${provider} for ${price}?`,
    initialValue: false,
  });
  if (isCancel(agreed) || !agreed) throw new FulcrumError('cancelled');
}

function packedResult(job: TuningJob, folder: string): { json: unknown; text: string } {
  const text = [
    `Job ${job.id} is in ${folder}; nothing was started.`,
    `Run it elsewhere: its README.md says how, by SSH or Docker. It holds your rows and the base model.`,
    `Then: fulcrum tune collect ${job.id} ${folder}`,
  ].join('\n');
  return { json: { jobId: job.id, state: job.state, model: null, folder }, text };
}

/** What every command about a job prints of it. */
export function jobResult(job: TuningJob): { json: unknown; text: string; exit: 0 | 1 } {
  const lines = [
    `Job ${job.id}: ${job.state}${job.status?.step ? `, step ${job.status.step} of ${job.status.steps}` : ''}.`,
  ];
  for (const { row, reason } of (job.status?.droppedRows ?? []).slice(0, 5))
    lines.push(`  row ${row} was left out: ${reason}`);
  if (job.failure) lines.push(`${job.failure.code}: ${job.failure.message}`, `  ${job.failure.hint}`);
  if (job.model)
    lines.push(
      `The model ${job.model} is the variant tuned:${job.model}. Compare it with its base: fulcrum tune gates ${job.model}`,
    );
  if (job.state === 'paused')
    lines.push(
      job.providerState === 'elsewhere'
        ? `It runs elsewhere; bring the folder back: fulcrum tune collect ${job.id} FOLDER`
        : `Go on with: fulcrum tune resume ${job.id}`,
    );
  const json = {
    jobId: job.id,
    state: job.state,
    model: job.model,
    ...(job.failure ? { failure: job.failure } : {}),
  };
  return { json, text: lines.join('\n'), exit: job.state === 'failed' ? 1 : 0 };
}
