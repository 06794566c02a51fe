import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ErrorCode, FulcrumError, type WorkOptions } from '../../core/index.ts';
import type {
  TuningCapabilities,
  TuningCheckpoint,
  TuningEstimate,
  TuningProduct,
  TuningProvider,
  TuningRequest,
  TuningStatus,
} from '../tuning-provider.ts';
import { eventsFile, type FolderEvent, metricsOf, readFolderEvents, toTuningEvent } from './folder-events.ts';
import { type FolderCommand, folderProcess, lastOutput, startFolderProcess } from './folder-process.ts';
import {
  collectResults,
  forgetElsewhere,
  isElsewhere,
  noteElsewhere,
  requireEmpty,
} from './packed-folder.ts';

/** What a provider that works in folders of this machine is made of. */
export interface FolderProviderOptions {
  readonly name: string;
  readonly capabilities: TuningCapabilities;
  estimate(request: TuningRequest, options?: WorkOptions): Promise<TuningEstimate>;
  /** Writes what the program reads into the folder; called again for a folder that was not finished. */
  prepare(request: TuningRequest, options?: WorkOptions): Promise<void>;
  command(folder: string): Promise<FolderCommand>;
  /** Writes a prepared folder as one that runs on another machine. */
  pack?(folder: string, to: string): Promise<void>;
  /** What lies in the folder after the end, with the events of the job. */
  product(folder: string, events: readonly FolderEvent[]): Promise<TuningProduct>;
  /** Catalogue error of an event of the type `error`. */
  failure?(
    event: FolderEvent,
  ): { readonly code: ErrorCode; readonly data: Readonly<Record<string, string | number>> } | null;
}

const readyFile = 'ready';
const stopSeconds = 30;

/**
 * A provider whose jobs are folders and detached processes: they live on when this process dies, say what they do in a file, and go on
 * from their last checkpoint. The provider's name for a job is its folder.
 */
export function createFolderProvider(options: FolderProviderOptions): TuningProvider {
  const launch = async (folder: string): Promise<void> => {
    if (folderProcess(folder) !== null) return;
    await startFolderProcess(folder, await options.command(folder));
  };
  const prepare = async (request: TuningRequest, work?: WorkOptions): Promise<string> => {
    const folder = request.directory;
    await mkdir(folder, { recursive: true });
    if (!existsSync(join(folder, readyFile))) {
      await options.prepare(request, work);
      await writeFile(join(folder, readyFile), '');
    }
    return folder;
  };
  const { pack } = options;
  return {
    name: options.name,
    capabilities: options.capabilities,
    estimate: options.estimate,
    async start(request, work) {
      const folder = await prepare(request, work);
      const events = await readFolderEvents(join(folder, eventsFile));
      if (endOf(events) === null) await launch(folder);
      return { providerJob: folder };
    },
    async resume(folder) {
      if (endOf(await readFolderEvents(join(folder, eventsFile)))?.type === 'done') return;
      await forgetElsewhere(folder);
      await launch(folder);
    },
    status: (folder) => statusOf(folder, options),
    async events(folder, after) {
      return (await readFolderEvents(join(folder, eventsFile), after)).map(toTuningEvent);
    },
    async checkpoints(folder) {
      const events = await readFolderEvents(join(folder, eventsFile));
      const seen = new Map<number, TuningCheckpoint>();
      for (const event of events)
        if (event.type === 'checkpoint' && typeof event.step === 'number') {
          const metrics = metricsOf({ ...event, type: 'evaluation' });
          seen.set(event.step, {
            id: `step-${event.step}`,
            step: event.step,
            at: event.at,
            ...(metrics && { metrics }),
          });
        }
      return [...seen.values()].filter(({ id }) => existsSync(join(folder, 'checkpoints', id)));
    },
    cancel: (folder) => stopFolder(folder),
    ...(pack && {
      elsewhere: {
        async pack(request, to, work) {
          await requireEmpty(to);
          const folder = await prepare(request, work);
          await pack(folder, to);
          await noteElsewhere(folder, null);
          return { providerJob: folder };
        },
        async collect(folder, from, usd) {
          await collectResults(folder, from);
          await noteElsewhere(folder, usd);
        },
      },
    }),
  };
}

/** Asks the process of a folder to stop, waits for it, and notes that it was cancelled. */
async function stopFolder(folder: string): Promise<void> {
  const end = endOf(await readFolderEvents(join(folder, eventsFile)));
  if (end && end.type !== 'interrupted') return;
  await writeFile(join(folder, 'cancelled'), '');
  const pid = folderProcess(folder);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < stopSeconds * 10; tries++) {
    if (folderProcess(folder) === null) return;
    await wait(100);
  }
  // It is our own child, by the number and the folder in its arguments.
  process.kill(pid, 'SIGKILL');
}

/** The event that ended the job last: later ones of a resumed job take its place. */
function endOf(events: readonly FolderEvent[]): FolderEvent | null {
  const last = events.findLast(({ type }) => ['done', 'error', 'interrupted', 'hello'].includes(type));
  return last && last.type !== 'hello' ? last : null;
}

async function statusOf(folder: string, options: FolderProviderOptions): Promise<TuningStatus> {
  if (!existsSync(folder)) throw new FulcrumError('tuning-job-lost', { folder });
  const events = await readFolderEvents(join(folder, eventsFile));
  const end = endOf(events);
  const isRunning = folderProcess(folder) !== null;
  const at = events.findLast((event) => typeof event.step === 'number' && typeof event.steps === 'number');
  const steps = at ? { step: at.step as number, steps: at.steps as number } : {};
  const dropped = events
    .filter(({ type }) => type === 'dropped')
    .map((event) => ({ row: String(event.row), reason: String(event.reason) }));
  const droppedRows = [...new Map(dropped.map((each) => [each.row, each])).values()];
  const shared = { ...steps, ...(droppedRows.length > 0 && { droppedRows }) };
  if (end?.type === 'done')
    return {
      state: 'succeeded',
      providerState: 'done',
      ...shared,
      product: await options.product(folder, events),
    };
  if (existsSync(join(folder, 'cancelled')) && !isRunning)
    return { state: 'cancelled', providerState: 'cancelled', ...shared };
  if (isRunning)
    return { state: 'running', providerState: String(events.at(-1)?.type ?? 'starting'), ...shared };
  if (end?.type === 'error')
    return { state: 'failed', providerState: 'error', ...shared, failure: failureOf(end, options) };
  if (end?.type === 'interrupted') return { state: 'paused', providerState: 'interrupted', ...shared };
  if (isElsewhere(folder)) return { state: 'paused', providerState: 'elsewhere', ...shared };
  // A process that ended without a word: it was killed, or could not begin.
  const hasBegun = events.some(({ type }) => type === 'hello');
  if (hasBegun) return { state: 'paused', providerState: 'killed', ...shared };
  const error = new FulcrumError('trainer-failed', {
    problem: lastOutput(folder) || 'it ended without a word',
  });
  return { state: 'failed', providerState: 'ended', ...shared, failure: error.toJSON() };
}

function failureOf(event: FolderEvent, { failure }: FolderProviderOptions): TuningStatus['failure'] {
  const known = failure?.(event);
  const problem = String(event.message ?? 'no reason was given').slice(0, 500);
  const error = known
    ? new FulcrumError(known.code, known.data)
    : new FulcrumError('trainer-failed', { problem });
  const { code, message, hint } = error.toJSON();
  return { code, message, hint };
}
