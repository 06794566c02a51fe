import { describe, expect, it } from 'vitest';
import { arrangeRows, type ScoreRow } from '../evaluation/index.ts';
import { contrastOf } from './contrast.ts';
import { decide } from './decide.ts';

/** 300 samples; the judge takes every answer of `rag` for right, people only half of them. `prompt` is right in half of both. */
const scores: ScoreRow[] = Array.from({ length: 300 }, (_, index): ScoreRow[] =>
  (['prompt', 'rag'] as const).map((variant) => ({
    sample: `s${index}`,
    variant,
    metric: 'correct',
    value: variant === 'rag' ? 1 : index % 2,
    costUsd: variant === 'rag' ? 0.002 : 0.001,
  })),
).flat();
const labels: ScoreRow[] = scores
  .filter((_row, index) => index < 200)
  .map(({ sample, variant }) => ({
    sample,
    variant,
    metric: 'human',
    value: Number(sample.slice(1)) % 2,
  }));

describe('figures of the ladder where people’s labels correct the scores', () => {
  it('are about what people say', () => {
    const table = arrangeRows(scores, 'correct');
    const settings = { tail: 0.025, width: 1 };
    const raw = contrastOf(table, { rag: 1, prompt: -1 }, settings)!;
    expect(raw.estimate).toBeCloseTo(0.5, 12);
    const corrected = contrastOf(
      table,
      { rag: 1, prompt: -1 },
      { ...settings, labels: arrangeRows(labels, 'human') },
    )!;
    expect(corrected.estimate).toBeCloseTo(0, 12);
    expect(corrected.clusters).toBe(100);
    expect([corrected.low < 0, corrected.high > 0, corrected.high < 0.1]).toEqual([true, true, true]);
    const none = { ...settings, labels: arrangeRows(labels.slice(0, 1), 'human') };
    expect(contrastOf(table, { rag: 1, prompt: -1 }, none)).toBeNull();
  });

  it('do not show a lift that is the judge’s alone', () => {
    const asked = { metric: 'correct', bar: 0.3, margin: 0.05 };
    const step = (rows: readonly ScoreRow[]) =>
      decide({ ...asked, rows }).ladder.find(({ step }) => step === 'retrieval')!;
    expect(step(scores).outcome).toBe('shown');
    expect(step([...scores, ...labels]).outcome).not.toBe('shown');
    const corrected = decide({
      ...asked,
      rows: [...scores, ...labels],
      labels: { wrongUsd: 1 },
    });
    expect([corrected.labels, corrected.waterfalls]).toEqual([[], []]);
  });
});
