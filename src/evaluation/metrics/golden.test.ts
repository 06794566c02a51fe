import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricCatalogue } from './catalogue/metric-catalogue.ts';
import { goldenMetrics } from './verify/golden-metrics.ts';
import { sameValue } from './verify/same-value.ts';
import { verifyGolden } from './verify/verify-golden.ts';

const golden = (name: string): string => join(import.meta.dirname, 'golden', name);

describe('golden vectors of the reference implementations', () => {
  // Counts: 1,246 cases of 55 metrics, 267 of 15, 7 ratings of 2.
  it.each([
    ['metrics.json', 1246, 55],
    ['ragas.json', 267, 15],
    ['trulens.json', 7, 2],
  ])('%s: all %i pass', async (name, cases, metrics) => {
    const report = await verifyGolden(golden(name));
    expect(report.failures).toEqual([]);
    const counts = Object.values(report.metrics);
    expect(counts).toHaveLength(metrics);
    expect(counts.reduce((sum, { passed }) => sum + passed, 0)).toBe(cases);
    expect(counts.every(({ unsupported }) => unsupported === 0)).toBe(true);
  });

  it('are there for every metric that names them, and named by one', () => {
    const named = new Set(metricCatalogue.flatMap(({ vectors }) => vectors));
    const trulens = [...named].filter((name) => name.startsWith('trulens.'));
    expect([...named].filter((name) => !goldenMetrics.has(name))).toEqual(trulens);
    expect([...goldenMetrics.keys()].filter((name) => !named.has(name))).toEqual([]);
  });

  it('lie beside the code', () => {
    expect(existsSync(golden('metrics.json'))).toBe(true);
  });
});

describe('sameness', () => {
  it('is to 1e-9, relative above 1, or to the stated tolerance; no number is no number', () => {
    expect(sameValue(0.5, 0.5 + 9e-10)).toBe(true);
    expect(sameValue(0.5, 0.5 + 2e-9)).toBe(false);
    expect(sameValue(1000, 1000 + 9e-7)).toBe(true);
    expect(sameValue(0.5, 0.6, 0.11)).toBe(true);
    expect(sameValue(null, Number.NaN)).toBe(true);
    expect(sameValue(null, 0)).toBe(false);
    expect(sameValue(0, null)).toBe(false);
    expect(sameValue([1, 2], [1])).toBe(false);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(true);
    expect(sameValue({ a: 1, b: 2 }, { a: 1 })).toBe(false);
    expect(sameValue('a', 'b')).toBe(false);
  });
});
