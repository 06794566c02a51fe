import type { z } from 'zod';
import {
  addCost,
  addUsage,
  type Cost,
  contentHash,
  FulcrumError,
  noCost,
  noUsage,
  type Usage,
} from '../../core/index.ts';
import { faultOf, type JudgeFaultReason, judgeFault } from './judge-fault.ts';
import type { JudgeModel, JudgeReply } from './judge-model.ts';
import type { JudgeStore } from './judge-store.ts';
import { readReply } from './read-reply.ts';

/** A task for a judge. */
export interface JudgeTask<T> {
  /** Short name, for records; the text of the instructions is what counts. */
  readonly name: string;
  readonly instructions: string;
  readonly schema: z.ZodType<T>;
  /** Whether a reply is worth keeping; one that is not is asked for anew by the next run. All are by default. */
  readonly keeps?: ((value: T) => boolean) | undefined;
}

/** What a judge said, with what it took when it was said (also where the reply was there already). */
export interface Judged<T> {
  readonly value: T;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** What a judge has taken since it was made: fresh calls only, faulty replies included. */
export interface JudgeSpending {
  readonly usage: Usage;
  readonly cost: Cost;
  /** Faulty replies by reason, those included that a second attempt made good. */
  readonly faults: Readonly<Partial<Record<JudgeFaultReason, number>>>;
}

/** A model that judges, with its memory. */
export interface Judge {
  /** Name in the config. */
  readonly name: string;
  /** Identity of the model and its settings; verdicts of another model are other verdicts. */
  readonly model: string;
  /** Which repetition this judge gives, from 0. */
  readonly sampleIndex: number;
  /**
   * Asks once, and once more where the reply cannot be read. A reply that was had before is used again. Throws `judge-failed`,
   * whose data name the reason, or `cancelled`.
   */
  ask<T>(task: JudgeTask<T>, material: unknown): Promise<Judged<T>>;
  /** The same judge at another repetition, with the same spending. */
  repetition(sampleIndex: number): Judge;
  spending(): JudgeSpending;
}

export interface JudgeOptions {
  readonly name: string;
  readonly model: JudgeModel;
  readonly store: JudgeStore;
  /** A call that takes longer is given up; 120 by default. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Calls at a time; 4 by default. A call that waits its turn does not run out of time. */
  readonly concurrency?: number | undefined;
  /** Told what each fresh call cost, those with a faulty reply included. */
  readonly onCost?: ((cost: Cost) => void) | undefined;
}

/** Attempts at a reply that can be read. */
const attempts = 2;

export function createJudge(options: JudgeOptions): Judge {
  const spending = {
    usage: noUsage as Usage,
    cost: noCost as Cost,
    faults: {} as Partial<Record<JudgeFaultReason, number>>,
  };
  return judgeAt(inTurns(options), 0, spending, new Map());
}

type Ledger = { usage: Usage; cost: Cost; readonly faults: Partial<Record<JudgeFaultReason, number>> };

function judgeAt(
  options: TurnTaking,
  sampleIndex: number,
  ledger: Ledger,
  underWay: Map<string, Promise<Judged<unknown>>>,
): Judge {
  const { name, model, store } = options;
  const askAnew = async <T>(task: JudgeTask<T>, material: unknown, key: string): Promise<Judged<T>> => {
    const known = await store.find(key);
    const read = known && task.schema.safeParse(known.reply);
    if (read?.success) return { value: read.data, usage: known!.usage, cost: known!.cost };
    const judged = await callUntilRead(task, material, sampleIndex, options, ledger);
    if (task.keeps?.(judged.value) ?? true)
      await store.keep(key, model.id, { reply: judged.value, usage: judged.usage, cost: judged.cost });
    return judged;
  };
  return {
    name,
    model: model.id,
    sampleIndex,
    ask<T>(task: JudgeTask<T>, material: unknown): Promise<Judged<T>> {
      const key = contentHash({ model: model.id, instructions: task.instructions, material, sampleIndex });
      // Several metrics ask the same of one answer at once; it is paid for once.
      const running = underWay.get(key) as Promise<Judged<T>> | undefined;
      if (running) return running;
      const started = askAnew(task, material, key).finally(() => underWay.delete(key));
      underWay.set(key, started);
      return started;
    },
    repetition: (index) => judgeAt(options, index, ledger, underWay),
    spending: () => ({ ...ledger, faults: { ...ledger.faults } }),
  };
}

type TurnTaking = JudgeOptions & { turn<T>(work: () => Promise<T>): Promise<T> };

/** Lets so many calls run at a time, the others in order of their coming. */
function inTurns(options: JudgeOptions): TurnTaking {
  let free = options.concurrency ?? 4;
  const waiting: (() => void)[] = [];
  return {
    ...options,
    async turn(work) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}

async function callUntilRead<T>(
  task: JudgeTask<T>,
  material: unknown,
  sampleIndex: number,
  options: TurnTaking,
  ledger: Ledger,
): Promise<Judged<T>> {
  let usage = noUsage;
  let cost = noCost;
  let problem = '';
  let fault: JudgeFaultReason = 'judge-failed';
  const count = (reason: unknown): void => {
    const known = (typeof reason === 'string' ? reason : 'judge-failed') as JudgeFaultReason;
    ledger.faults[known] = (ledger.faults[known] ?? 0) + 1;
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    let reply: JudgeReply;
    try {
      reply = await options.turn(() => callOnce(task, material, { sampleIndex, attempt }, options));
    } catch (error) {
      if (error instanceof FulcrumError && error.code !== 'cancelled') count(error.data.reason);
      throw error;
    }
    usage = addUsage(usage, reply.usage);
    cost = addCost(cost, reply.cost);
    ledger.usage = addUsage(ledger.usage, reply.usage);
    ledger.cost = addCost(ledger.cost, reply.cost);
    options.onCost?.(reply.cost);
    const read = readReply(reply, task.schema);
    if ('value' in read) return { value: read.value, usage, cost };
    ({ fault, problem } = read);
    count(fault);
  }
  throw judgeFault(fault, options.name, problem);
}

/** One call, given up after the timeout even where the model does not listen to its signal. */
async function callOnce(
  task: Pick<JudgeTask<unknown>, 'instructions' | 'schema'>,
  material: unknown,
  place: { readonly sampleIndex: number; readonly attempt: number },
  { name, model, timeoutSeconds = 120, signal }: JudgeOptions,
): Promise<JudgeReply> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const { instructions, schema } = task;
  try {
    both.throwIfAborted();
    return await Promise.race([
      model.ask({ instructions, material, schema, ...place, signal: both }),
      new Promise<never>((_resolve, reject) => {
        both.addEventListener('abort', () => reject(both.reason), { once: true });
      }),
    ]);
  } catch (error) {
    if (signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
    if (timeout.aborted)
      throw judgeFault('judge-timeout', name, `no reply within ${timeoutSeconds} s`, error);
    throw faultOf(error, name);
  }
}
