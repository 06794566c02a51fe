import { expect, it } from 'vitest';
import type { MetricSummary } from '../evaluation/index.ts';
import { runSchema } from '../evaluation/runs/run.ts';
import { overviewText, summaryText } from './evaluation-tables.ts';

const summary = (more: Partial<MetricSummary>): MetricSummary => ({
  ...{ mean: 0.75, low: 0.5, high: 0.9, scored: 8, undefined: 0, errors: 0 },
  ...more,
});

it('a run says why answers have no number, its figures, and the first failures', () => {
  const run = runSchema.parse({
    ...{ id: 'run_1', dataset: { name: 'd', hash: 'h' }, split: null, sampleLimit: null, variant: 'v' },
    ...{ kind: 'external', deployable: true, definition: {}, definitionHash: 'x', metrics: ['correct'] },
    ...{ samples: 40, origin: 'live', concurrency: 1, version: 't', node: 'n' },
    ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' },
  });
  const usage = {
    ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    ...{ embeddedTokens: 0, calls: 0, coreSeconds: 0 },
  };
  const metrics = {
    correct: summary({}),
    'polite@strict': summary({ scored: 5, errors: 3 }),
    'token-f1': summary({ mean: null, low: null, high: null, scored: 0, undefined: 8 }),
  };
  const text = overviewText(
    {
      run,
      report: { id: 'run_1', variant: 'v', n: 40, repeats: 1, metrics, usage, costUsd: 0 },
      reasons: { 'polite@strict': { 'judge-timeout': 2, 'judge-shape': 1 }, 'token-f1': { 'no-gold': 8 } },
      failures: { count: 3, first: [{ sample: 's1', code: 'external-failed', message: 'boom' }] },
      tags: [{ tag: 'odd', summary: summary({}) }],
    },
    [{ name: 'bleu', value: 41.25, samples: 8 }],
    'correct',
  );
  expect(text).toContain('polite@strict without a number: 2 judge-timeout, 1 judge-shape');
  // What no sample of the dataset can have is not told in words; --json has it.
  expect(text).not.toContain('no-gold');
  expect(text).toContain('bleu: 41.2500 over 8 samples');
  expect(text).toContain('correct of odd: 0.750 [0.500, 0.900] of 8');
  expect(text).toContain('s1: external-failed: boom\n2 more failed answers; --json has them all.');
});

it('a mean says how many of its samples were unanswerable', () => {
  expect(summaryText(summary({ noAnswer: 3 }))).toBe('0.750 [0.500, 0.900] of 8 (3 unanswerable)');
});
