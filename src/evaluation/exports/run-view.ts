import type { Answer, Sample } from '../../core/index.ts';
import type { ErasedSample } from '../erasure/erase-documents.ts';
import type { Run, SampleResult } from '../runs/run.ts';
import type { RunStore } from '../runs/run-store.ts';

/** Samples of the dataset of a run by id; those that are not there any more are left out. Supplied by the caller. */
export type SamplesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, Sample>>;

/** One result of a run with what a person wants to see beside it. */
export interface ViewedResult {
  readonly result: SampleResult;
  /** Null where the dataset is gone or was replaced. */
  readonly sample: Sample | null;
  /** Null for an error, in a recorded run, and where a deletion of documents erased it. */
  readonly answer: Answer | null;
  /** Id of the deletion of documents that erased the answer. */
  readonly erasedBy?: string | undefined;
  /** What is left of the sample where such a deletion took it. */
  readonly erasedSample?: ErasedSample | null | undefined;
}

/** The results of a run with questions and answers, a page at a time, ordered by sample and repetition. */
export async function* viewRun(
  run: Run,
  { store, samplesOf }: { store: RunStore; samplesOf: SamplesOf },
): AsyncGenerator<readonly ViewedResult[]> {
  for await (const results of store.pages(run.id, 'sample')) {
    const ids = [...new Set(results.map(({ sample }) => sample))];
    const [samples, answers] = [await samplesOf(ids), await store.answersPage(run.id, ids)];
    yield results.map((result) => ({
      result,
      sample: samples.get(result.sample) ?? null,
      answer: answers.get(`${result.repetition}:${result.sample}`) ?? null,
    }));
  }
}

/** What a score says, in a word or a number. */
export function scoreText(result: SampleResult, metric: string): string {
  if (result.error) return `error (${result.error.code})`;
  const score = result.scores[metric];
  if (!score) return 'not scored';
  if (score.status === 'scored') return String(Number(score.value.toPrecision(6)));
  return score.status === 'undefined' ? `no number (${score.reason})` : `error (${score.cause})`;
}

/** What the right answer is, as far as the sample says. */
export function expectedText(sample: Sample): string {
  if (!sample.answerable) return '(cannot be answered)';
  const facts = sample.facts?.map((forms) => forms.join(' / ')).join('; ');
  return sample.reference ?? sample.references?.join(' / ') ?? sample.label ?? facts ?? '';
}

/** What was answered: the text, the refusal or the error. */
export function answerText({ result, answer, erasedBy }: ViewedResult): string {
  if (erasedBy !== undefined) return `(erased with documents that were deleted, ${erasedBy})`;
  if (result.error) return `${result.error.code}: ${result.error.message}`;
  if (answer?.refusal) return `(refused: ${answer.refusal.reason}) ${answer.answer}`.trim();
  return answer ? answer.answer : '(the text of the answer was not recorded)';
}
