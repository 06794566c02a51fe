import { describe, expect, it } from 'vitest';
import { fuzzBinary, fuzzText } from '../bench/fuzz/run-fuzz.ts';

const limits = { seed: 1, limitMs: 5000, seconds: 20 };

describe('random and damaged documents, as many as "npm run fuzz" takes', () => {
  it('text', async () => {
    const { failures, inputs } = await fuzzText({ ...limits, count: 20_000 });
    expect([failures, inputs]).toEqual([[], 20_000]);
  });

  it.each(['pdf', 'docx'] as const)('%s', async (format) => {
    const { failures, inputs } = await fuzzBinary(format, { ...limits, count: 300 });
    expect([failures, inputs]).toEqual([[], 300]);
  });
});
