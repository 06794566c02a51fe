import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { TuningEvent, TuningMetrics } from '../tuning-provider.ts';

/** Events file of a job's folder: JSON lines that the process appends through a descriptor of its own. */
export const eventsFile = 'events.jsonl';

const eventSchema = z.looseObject({
  v: z.literal(1),
  sequence: z.number().int().positive(),
  at: z.string(),
  type: z.string(),
});

/** A line of the events file; what else it says depends on its type. */
export type FolderEvent = z.infer<typeof eventSchema>;

/** Events in their order. A line that was cut off by the end of a process, or is none of ours, is left out. */
export async function readFolderEvents(file: string, after = 0): Promise<FolderEvent[]> {
  if (!existsSync(file)) return [];
  const events: FolderEvent[] = [];
  const lines = createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    const parsed = eventSchema.safeParse(value);
    if (parsed.success && parsed.data.sequence > after) events.push(parsed.data);
  }
  return events;
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 2000) : '');

/** An event as every provider hands it on. */
export function toTuningEvent(event: FolderEvent): TuningEvent {
  const level =
    event.type === 'error'
      ? 'error'
      : event.type === 'warning' || event.type === 'dropped'
        ? 'warning'
        : 'info';
  const metrics = metricsOf(event);
  return {
    sequence: event.sequence,
    at: event.at,
    level,
    message: messageOf(event),
    ...(metrics && { metrics }),
  };
}

/** Figures of a step or an evaluation; undefined for other events. */
export function metricsOf(event: FolderEvent): TuningMetrics | undefined {
  const step = number(event.step);
  if ((event.type !== 'step' && event.type !== 'evaluation') || step === undefined) return undefined;
  const found = {
    epoch: number(event.epoch),
    loss: number(event.loss),
    validationLoss: number(event.validationLoss),
    tokenAccuracy: number(event.tokenAccuracy),
    learningRate: number(event.learningRate),
    gradientNorm: number(event.gradientNorm),
    tokensPerSecond: number(event.tokensPerSecond),
  };
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  return { step, steps: number(event.steps) ?? step, ...Object.fromEntries(known) };
}

function messageOf(event: FolderEvent): string {
  const figure = (value: unknown): string => number(value)?.toFixed(4) ?? '?';
  switch (event.type) {
    case 'hello':
      return `started on ${text(event.device)} with ${number(event.threads) ?? '?'} threads`;
    case 'phase':
      return text(event.phase);
    case 'step':
      return `step ${number(event.step)} of ${number(event.steps)}, loss ${figure(event.loss)}`;
    case 'evaluation':
      return `step ${number(event.step)}: validation loss ${figure(event.validationLoss)}`;
    case 'checkpoint':
      return `checkpoint at step ${number(event.step)}`;
    case 'dropped':
      return `row ${text(event.row)} was left out: ${text(event.reason)}`;
    case 'interrupted':
      return `stopped at step ${number(event.step)}, to be resumed`;
    case 'done':
      return 'done';
    default:
      return text(event.message) || event.type;
  }
}
