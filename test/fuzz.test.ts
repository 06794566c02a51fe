import { describe, expect, it } from 'vitest';
import { fuzzBinary, fuzzText } from '../bench/fuzz/run-fuzz.ts';

const limits = { seed: 1, limitMs: 5000, seconds: 20 };

describe('random and damaged documents', () => {
  it('text: no crash, no hang, nothing lost or invented', async () => {
    const { failures, inputs } = await fuzzText({ ...limits, count: 400 });
    expect([failures, inputs]).toEqual([[], 400]);
  });

  it.each(['pdf', 'docx'] as const)('%s', async (format) => {
    const { failures } = await fuzzBinary(format, { ...limits, count: 15 });
    expect(failures).toEqual([]);
  });
});
