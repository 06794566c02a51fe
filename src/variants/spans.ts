/** A piece of the work for one question, for traces. */
export interface WorkSpan {
  readonly name: 'retrieval' | 'evidence' | 'model' | 'verification';
  /** Milliseconds of the monotonic clock (`performance.now()`). */
  readonly start: number;
  readonly end: number;
  /** What it was about: counts, model and tokens, never a text of a document or a person. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Told of each piece of work when it is done, also of one that failed. It must be cheap and must not throw. */
export type OnSpan = (span: WorkSpan) => void;

/** Does a piece of work and tells what it took. */
export async function spanned<Result>(
  onSpan: OnSpan | undefined,
  name: WorkSpan['name'],
  work: () => Promise<Result>,
  attributesOf: (result: Result) => WorkSpan['attributes'],
): Promise<Result> {
  if (!onSpan) return work();
  const start = performance.now();
  try {
    const result = await work();
    onSpan({ name, start, end: performance.now(), attributes: attributesOf(result) });
    return result;
  } catch (error) {
    onSpan({ name, start, end: performance.now(), attributes: { failed: true } });
    throw error;
  }
}
