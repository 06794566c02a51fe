import { type Answer, canonicalJson, type Score } from '../../core/index.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';

/**
 * The run as canonical JSON Lines: what was run, then every sample sorted by id, with the answer. It holds no run
 * id, clock or latency and no figure that follows from one (core-seconds and their price), so that the same work
 * gives the same text, also after it was cut short and resumed.
 */
export async function exportRun(id: string, store: RunStore): Promise<string> {
  const run = await store.get(id);
  const results = await store.results(id);
  const answers = await store.answers(id);
  const lines = [header(run), ...results.map((result) => line(result, answers.get(result.sample)))];
  return lines.map((value) => `${canonicalJson(value)}\n`).join('');
}

function header({
  dataset,
  split,
  sampleLimit,
  variant,
  kind,
  deployable,
  definition,
  metrics,
  samples,
}: Run) {
  return { dataset, split, sampleLimit, variant, kind, deployable, definition, metrics, samples };
}

function line(result: SampleResult, answer: Answer | undefined) {
  const { sample, group, output, refusal, confidence, error } = result;
  if (error !== null) return { sample, group, error: error.code };
  const { coreSeconds: _clock, ...usage } = result.usage;
  const timed = result.cost.source === 'core-hours';
  return {
    sample,
    group,
    output,
    refusal,
    confidence,
    usage,
    ...(timed ? {} : { costUsd: result.cost.usd }),
    scores: withoutClocks(result.scores, timed),
    ...(answer ? { answer: answer.answer, citations: answer.citations, contexts: answer.contexts } : {}),
  };
}

function withoutClocks(scores: Readonly<Record<string, Score>>, timed: boolean): Record<string, Score> {
  const left = Object.entries(scores).filter(([name]) => name !== 'latency' && !(timed && name === 'cost'));
  return Object.fromEntries(left);
}
