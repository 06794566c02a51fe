import { z } from 'zod';
import { addCost, addUsage, type Cost, scored, type Usage, undefinedScore } from '../../core/index.ts';
import { referencesOf } from '../scorers/answer-text.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Judge, JudgeTask } from './judge.ts';
import { withFaults } from './judge-fault.ts';
import { pairInstructions } from './judge-prompts.ts';
import { spentDetail } from './spent-detail.ts';

const pairTask: JudgeTask<{ reason: string; better: 'first' | 'second' | 'tie' }> = {
  name: 'pair',
  instructions: pairInstructions,
  schema: z.object({ reason: z.string(), better: z.enum(['first', 'second', 'tie']) }),
};

/** Two answers to one question. Who gave them is never told to the judge. */
export interface AnswerPair {
  readonly question: string;
  readonly a: string;
  readonly b: string;
  readonly reference?: string | undefined;
}

/** What the judge said in both orders. */
export interface PairVerdict {
  /** `order-dependent`: the two orders disagree, so nothing is known. */
  readonly outcome: 'a' | 'b' | 'tie' | 'order-dependent';
  /** Reasons with a first, then with b first. */
  readonly reasons: readonly [string, string];
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Compares two answers in both orders; only what both orders say counts. Throws `judge-failed`. */
export async function judgePair(judge: Judge, criterion: string, pair: AnswerPair): Promise<PairVerdict> {
  const { question, reference } = pair;
  const shared = { question, criterion, ...(reference === undefined ? {} : { reference }) };
  const one = await judge.ask(pairTask, { ...shared, first: pair.a, second: pair.b });
  const other = await judge.ask(pairTask, { ...shared, first: pair.b, second: pair.a });
  const asA = { first: 'a', second: 'b', tie: 'tie' } as const;
  const asB = { first: 'b', second: 'a', tie: 'tie' } as const;
  const outcome = asA[one.value.better];
  return {
    outcome: outcome === asB[other.value.better] ? outcome : 'order-dependent',
    reasons: [one.value.reason, other.value.reason],
    usage: addUsage(one.usage, other.usage),
    cost: addCost(one.cost, other.cost),
  };
}

export interface PairwiseOptions {
  readonly name: string;
  readonly judge: Judge;
  readonly criterion: string;
}

/**
 * A scorer that sets the answer beside the reference: 1 where it is judged better in both orders, 0 where worse in both, .5 for a
 * tie in both. Where the order decides it is `undefined: order-dependent`, counted and in no mean.
 */
export function createPairwiseScorer({ name, judge, criterion }: PairwiseOptions): Scorer {
  return {
    name: `${name}@${judge.name}`,
    description: `judged by ${judge.model}, blind and in both orders: better (1), as good (.5) or worse (0) than the reference`,
    direction: 'higher',
    needs: ['references'],
    score: ({ sample, answer }) =>
      withFaults(async () => {
        const [reference] = referencesOf(sample);
        if (reference === undefined) return undefinedScore('no-gold');
        if (answer.refusal !== null) return undefinedScore('abstained');
        const pair = { question: sample.input, a: answer.answer, b: reference };
        const { outcome, reasons, usage, cost } = await judgePair(judge, criterion, pair);
        if (outcome === 'order-dependent')
          return undefinedScore(outcome, { judge: judge.model, reasons, ...spentDetail(usage, cost) });
        const detail = { judge: judge.model, outcome, reasons, ...spentDetail(usage, cost) };
        return scored({ a: 1, tie: 0.5, b: 0 }[outcome], detail);
      }),
  };
}
