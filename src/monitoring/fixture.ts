import { noCost, noUsage } from '../core/index.ts';
import type { Trace } from './traces/trace.ts';

/** A trace for tests; `n` counts up its id and its time. */
export function traceFixture(n: number, more: Partial<Trace> = {}): Trace {
  return {
    id: n.toString(16).padStart(32, '0'),
    at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    door: 'ask',
    tenant: 'local',
    user: 'ann',
    key: null,
    conversation: null,
    name: null,
    variant: 'extract',
    definitionHash: 'h',
    indexVersion: null,
    status: 'answered',
    reason: null,
    usage: noUsage,
    cost: { ...noCost, usd: 0.5 },
    seconds: 0.1,
    firstTextSeconds: null,
    confidence: null,
    spans: [],
    content: { input: `question ${n}`, answer: 'so [1]', citations: [], contexts: [] },
    erased: null,
    ...more,
  };
}
