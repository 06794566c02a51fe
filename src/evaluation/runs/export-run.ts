import { type Answer, canonicalJson, type Score } from '../../core/index.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';

/**
 * The run as canonical JSON Lines: what was run, then every sample sorted by id, with the answer. It holds no run
 * id, clock or latency and no figure that follows from one (core-seconds and their price), so that the same work
 * gives the same text, also after it was cut short and resumed.
 */
export async function exportRun(id: string, store: RunStore): Promise<string> {
  let text = '';
  for await (const lines of exportRunPages(id, store)) text += lines;
  return text;
}

/** `exportRun` some lines at a time, for runs that should not be in memory at once. */
export async function* exportRunPages(id: string, store: RunStore): AsyncGenerator<string> {
  const run = await store.get(id);
  yield `${canonicalJson(header(run))}\n`;
  for await (const results of store.pages(id, 'sample')) {
    const answers = await store.answersPage(
      id,
      results.map(({ sample }) => sample),
    );
    yield results
      .map((result) => {
        const answer = answers.get(`${result.repetition}:${result.sample}`);
        return `${canonicalJson(line(result, answer, run.repeats))}\n`;
      })
      .join('');
  }
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
  repeats,
}: Run) {
  const repeated = repeats === 1 ? {} : { repeats };
  return {
    dataset,
    split,
    sampleLimit,
    variant,
    kind,
    deployable,
    definition,
    metrics,
    samples,
    ...repeated,
  };
}

function line(result: SampleResult, answer: Answer | undefined, repeats: number) {
  const which = repeats === 1 ? {} : { repetition: result.repetition };
  const { sample, group, output, refusal, confidence, error } = result;
  if (error !== null) return { sample, ...which, group, error: error.code };
  const { coreSeconds: _clock, ...usage } = result.usage;
  const timed = result.cost.source === 'core-hours';
  return {
    sample,
    ...which,
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
