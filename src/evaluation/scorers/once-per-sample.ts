import type { ScoredSample } from '../evaluated.ts';

/** Work that several scorers of one answer share, done once for it. */
export function oncePerSample<T>(work: (judged: ScoredSample) => T): (judged: ScoredSample) => T {
  const done = new WeakMap<ScoredSample, { readonly result: T }>();
  return (judged) => {
    const known = done.get(judged);
    if (known) return known.result;
    const result = work(judged);
    done.set(judged, { result });
    return result;
  };
}
