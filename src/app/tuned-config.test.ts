import { describe, expect, it } from 'vitest';
import { type TunedSettings, type TuningReport, tunedConfig } from '../experiments/index.ts';
import { validateConfig } from './config.ts';

const present: TunedSettings = {
  weight: 0.8,
  'chunk-size': 200,
  neighbours: 0,
  k: 5,
  'near-duplicates': 'keep',
  rerank: null,
};
const chosen: TunedSettings = {
  weight: 0.4,
  'chunk-size': 100,
  neighbours: 2,
  k: 20,
  'near-duplicates': 'collapse',
  rerank: 'desk',
};
const report = (outcome: TuningReport['outcome'], settings: TunedSettings) =>
  ({ outcome, present, chosen: settings }) as TuningReport;

describe('what a tuned retrieval writes', () => {
  it('is what differs from the present settings, in words that the config knows', () => {
    const all = tunedConfig(report('changed', chosen));
    expect(all).toEqual({
      retrieval: {
        vectorWeight: 0.4,
        neighbours: 2,
        limit: 20,
        nearDuplicates: 'collapse',
        rerank: { model: 'desk', top: 20 },
      },
      chunking: { maxTokens: 100 },
    });
    const config = validateConfig(
      { ...all, rerankers: { desk: { url: 'http://127.0.0.1:9/rerank', model: 'small' } } },
      'fulcrum.config.json',
    );
    expect(config.retrieval).toMatchObject({ limit: 20, vectorWeight: 0.4 });
    expect(tunedConfig(report('changed', { ...present, weight: 0.5 }))).toEqual({
      retrieval: { vectorWeight: 0.5 },
      chunking: {},
    });
  });

  it('is nothing where the present settings stay', () => {
    for (const outcome of ['kept', 'too-few-questions', 'lost-on-test'] as const)
      expect(tunedConfig(report(outcome, chosen))).toEqual({ retrieval: {}, chunking: {} });
  });
});
