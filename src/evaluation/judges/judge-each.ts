import { z } from 'zod';
import {
  addCost,
  addUsage,
  type Cost,
  noCost,
  noUsage,
  toFulcrumError,
  type Usage,
} from '../../core/index.ts';
import type { Judge, JudgeTask } from './judge.ts';
import { faultOf, judgeFault } from './judge-fault.ts';

/** A thing to be judged, under a number of its own. */
interface NumberedItem {
  readonly number: number;
  readonly text: string;
}

/** A question that is asked of each of several things at once. */
export interface EachTask {
  readonly name: string;
  /** Must ask for one verdict per item, under the item's number. */
  readonly instructions: string;
  /** Labels that a verdict may have. */
  readonly labels: readonly [string, ...string[]];
}

/** A verdict with its reason. */
export interface ItemVerdict {
  readonly label: string;
  readonly reason: string;
}

/** Verdicts in the order of the items; an item that the judge failed on has its fault instead. */
export interface EachJudged {
  readonly verdicts: readonly (ItemVerdict | { readonly fault: Error })[];
  readonly usage: Usage;
  readonly cost: Cost;
}

/**
 * Asks for a verdict on each item in one call. An item with no verdict, or with two that disagree, is asked for once more,
 * alone; where verdicts belong to no item the numbering cannot be trusted and every item is. What is still without one then
 * has the fault `judge-shape` or `judge-contradictory`. Throws what `Judge.ask` throws for the first call.
 * @param context what all items are judged against.
 */
export async function judgeEach(
  judge: Judge,
  task: EachTask,
  items: readonly string[],
  context: Readonly<Record<string, unknown>>,
): Promise<EachJudged> {
  const numbered = items.map((text, index) => ({ number: index + 1, text }));
  if (numbered.length === 0) return { verdicts: [], usage: noUsage, cost: noCost };
  const first = await judge.ask(verdictTask(task, numbered), { ...context, items: numbered });
  let { usage, cost } = first;
  const found = settle(first.value.verdicts, numbered);
  const verdicts: (ItemVerdict | { fault: Error })[] = [];
  for (const [index, item] of numbered.entries()) {
    const known = found[index]!;
    if ('label' in known) {
      verdicts.push(known);
      continue;
    }
    const alone = await askAlone(judge, task, item, context);
    usage = addUsage(usage, alone.usage);
    cost = addCost(cost, alone.cost);
    verdicts.push(alone.verdict);
  }
  return { verdicts, usage, cost };
}

async function askAlone(
  judge: Judge,
  task: EachTask,
  item: NumberedItem,
  context: Readonly<Record<string, unknown>>,
): Promise<{ verdict: ItemVerdict | { fault: Error }; usage: Usage; cost: Cost }> {
  try {
    // "alone" keeps this apart from a first call with one item, whose bad reply would be found again in the store.
    const asked = await judge.ask(verdictTask(task, [item]), { ...context, alone: true, items: [item] });
    const settled = settle(asked.value.verdicts, [item])[0]!;
    const verdict = 'label' in settled ? settled : { fault: shapeFault(judge.name, settled.problem) };
    return { verdict, usage: asked.usage, cost: asked.cost };
  } catch (error) {
    const fault = faultOf(error, judge.name);
    if (fault.code === 'cancelled') throw toFulcrumError(error);
    return { verdict: { fault }, usage: noUsage, cost: noCost };
  }
}

type Settled = ItemVerdict | { readonly problem: 'missing' | 'contradictory' | 'unknown' };

/** One verdict per item, or what is wrong with it. */
function settle(
  verdicts: readonly { item: number; label: string; reason: string }[],
  items: readonly NumberedItem[],
): Settled[] {
  const numbers = new Set(items.map(({ number }) => number));
  if (verdicts.some(({ item }) => !numbers.has(item))) return items.map(() => ({ problem: 'unknown' }));
  return items.map(({ number }) => {
    const own = verdicts.filter(({ item }) => item === number);
    const [first] = own;
    if (!first) return { problem: 'missing' };
    if (own.some(({ label }) => label !== first.label)) return { problem: 'contradictory' };
    return { label: first.label, reason: first.reason };
  });
}

function shapeFault(judge: string, problem: 'missing' | 'contradictory' | 'unknown'): Error {
  if (problem === 'contradictory')
    return judgeFault('judge-contradictory', judge, 'it gave two verdicts on one claim that disagree');
  const what =
    problem === 'missing' ? 'it left out the verdict on a claim' : 'it gave verdicts on what was not asked';
  return judgeFault('judge-shape', judge, `${what}, also when asked for it alone`);
}

/** The reason stands before the label, so that a model reasons before it decides. */
function verdictTask(
  { name, instructions, labels }: EachTask,
  items: readonly NumberedItem[],
): JudgeTask<{ verdicts: { item: number; reason: string; label: string }[] }> {
  const verdict = z.object({ item: z.number().int(), reason: z.string(), label: z.enum(labels) });
  return {
    name,
    instructions,
    schema: z.object({ verdicts: z.array(verdict) }),
    keeps: ({ verdicts }) => settle(verdicts, items).every((settled) => 'label' in settled),
  };
}
