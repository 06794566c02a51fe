import type { SampleResult } from './run.ts';

/** Results that come ordered by sample, the answers to one sample together. */
export async function* bySample(
  pages: AsyncIterable<readonly SampleResult[]>,
): AsyncGenerator<readonly [SampleResult, ...SampleResult[]]> {
  let open: [SampleResult, ...SampleResult[]] | null = null;
  for await (const page of pages)
    for (const result of page)
      if (open?.[0].sample === result.sample) open.push(result);
      else {
        if (open) yield open;
        open = [result];
      }
  if (open) yield open;
}
