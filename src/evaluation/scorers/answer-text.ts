import type { Answer, Sample } from '../../core/index.ts';

/** The words of an answer without its citation markers (`[1]`), which would pass for facts; empty for a refusal. */
export function answerText({ answer, citations, refusal }: Answer): string {
  if (refusal !== null) return '';
  const markers = new Set(citations.map((citation) => citation.marker));
  return answer.replace(/\s*\[(\d{1,3})\]/g, (whole, marker: string) =>
    markers.has(Number(marker)) ? '' : whole,
  );
}

/** Every accepted answer of a sample. */
export function referencesOf({ reference, references }: Sample): string[] {
  return [...(reference === undefined ? [] : [reference]), ...(references ?? [])];
}
