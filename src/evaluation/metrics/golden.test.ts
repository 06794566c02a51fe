import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenMetrics } from './verify/golden-metrics.ts';
import { sameValue } from './verify/same-value.ts';

interface GoldenCase {
  id: string;
  metric: string;
  params: unknown;
  inputs: unknown;
  expected: unknown;
  tolerance?: number;
}

const read = (name: string): GoldenCase[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'golden', name), 'utf8')).cases;

describe('golden vectors', () => {
  it.each([...read('metrics.json'), ...read('ragas.json')])(
    '$id',
    ({ metric, params, inputs, expected, tolerance }) => {
      const got = goldenMetrics.get(metric)?.recompute(inputs, params);
      expect({ got, same: sameValue(expected, got, tolerance) }).toMatchObject({ same: true });
    },
  );
});
