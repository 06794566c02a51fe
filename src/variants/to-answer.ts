import { type Answer, addCost, addUsage, noCost, noUsage } from '../core/index.ts';
import type { GatheredEvidence } from './gather.ts';
import type { Reading } from './readers/reading.ts';

/** An answer whose clock is still running. */
export type Untimed = Omit<Answer, 'seconds'>;

/** Puts together what was gathered and what was read; contexts say what a model was shown of them. */
export function toAnswer(gathered: GatheredEvidence, reading: Reading): Omit<Untimed, 'confidence'> {
  return {
    answer: reading.answer,
    citations: [...reading.citations],
    ...(reading.claims ? { claims: [...reading.claims] } : {}),
    ...(reading.notices && reading.notices.length > 0 ? { notices: [...reading.notices] } : {}),
    removedCitations: reading.removedCitations,
    refusal: reading.refusal,
    contexts: gathered.contexts.map((context, rank) =>
      reading.shown ? { ...context, shown: reading.shown.get(rank) ?? null } : context,
    ),
    ...(gathered.requestContexts ? { requestContexts: [...gathered.requestContexts] } : {}),
    usage: addUsage(gathered.usage, reading.usage),
    cost: addCost(gathered.cost, reading.cost),
  };
}

/** A refusal before anything was read. */
export function refusedAnswer(
  gathered: GatheredEvidence,
  refusal: Answer['refusal'],
): Omit<Untimed, 'confidence'> {
  return toAnswer(gathered, {
    answer: '',
    citations: [],
    removedCitations: 0,
    refusal,
    usage: noUsage,
    cost: noCost,
  });
}
