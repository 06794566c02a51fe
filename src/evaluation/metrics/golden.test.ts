import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toFulcrumError } from '../../core/index.ts';
import { metricCatalogue } from './catalogue/metric-catalogue.ts';
import { goldenMetrics } from './verify/golden-metrics.ts';
import { mostGoldenBytes } from './verify/read-golden-file.ts';
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

describe('a golden file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-golden-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['missing.json', null, 'file-not-found'],
    ['broken.json', '{"cases": [', 'golden-invalid'],
    ['empty.json', '[]', 'golden-invalid'],
    ['other.json', '{"a": {"b": 1}}', 'golden-invalid'],
    ['number.json', '3', 'golden-invalid'],
    ['list.json', '{"cases": 3}', 'golden-invalid'],
    ['shape.json', '{"cases": [{"metric": "mcc"}]}', 'golden-invalid'],
    ['bytes.json', Uint8Array.of(0xff, 0xfe), 'file-not-text'],
    ['.', null, 'file-unreadable'],
  ])('says what is wrong with %s', async (name, content, code) => {
    const path = join(folder, name);
    if (content !== null) writeFileSync(path, content);
    const error = await verifyGolden(path).catch(toFulcrumError);
    expect(error).toMatchObject({ code });
  });

  it('that is huge is not read', async () => {
    const path = join(folder, 'huge.json');
    writeFileSync(path, '');
    truncateSync(path, mostGoldenBytes + 1);
    await expect(verifyGolden(path)).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('may hold metrics and parameters that are not known', async () => {
    const path = join(folder, 'unknown.json');
    const cases = [
      { metric: 'no-such-metric', expected: 1, inputs: {} },
      {
        metric: 'bleu.sentence',
        expected: {},
        inputs: { hypothesis: 'a', references: ['a'] },
        params: { tokenize: 'spm' },
      },
      { metric: 'holm', expected: {}, inputs: { pvalues: 'all' } },
    ];
    writeFileSync(path, JSON.stringify(cases));
    const none = { passed: 0, failed: 0, unsupported: 1 };
    expect(await verifyGolden(path)).toEqual({
      metrics: { 'no-such-metric': none, 'bleu.sentence': none, holm: none },
      failures: [],
    });
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
    expect(sameValue({ low: null, high: null }, null)).toBe(true);
    expect(sameValue({ low: 0, high: null }, null)).toBe(false);
    expect(sameValue([1, 2], [1])).toBe(false);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(true);
    expect(sameValue({ a: 1, b: 2 }, { a: 1 })).toBe(false);
    expect(sameValue('a', 'b')).toBe(false);
  });
});
