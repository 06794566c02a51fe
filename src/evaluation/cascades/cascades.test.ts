import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { describe, expect, it } from 'vitest';
import { type Answer, localOwner, type Sample } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createDatasetStore } from '../datasets/dataset-store.ts';
import type { Evaluated } from '../evaluated.ts';
import { evaluationMigrations } from '../migrations.ts';
import { runEvaluation } from '../runs/run-evaluation.ts';
import { createRunStore } from '../runs/run-store.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { createScorers } from '../scorers/scorers.ts';
import { warmGenerator } from '../statistics/warm-generator.ts';
import { cascadesReportSchema, composeCascades } from './compose-cascades.ts';
import { type CascadeSample, crossFit, fitThreshold } from './cross-fit.ts';

const sampleOf = (
  index: number,
  first: number | null,
  other: number | null,
  confidence: number,
  more: Partial<CascadeSample['first']> = {},
): CascadeSample => ({
  sample: `s${index}`,
  group: `g${index}`,
  first: { value: first, refused: false, confidence, failed: false, ...more },
  other: { value: other },
});

describe('the threshold', () => {
  // By confidence: .1 wrong (other right), .2 wrong (other right), .6 right (other wrong), .9 right (other right).
  const samples = [
    sampleOf(1, 0, 1, 0.1),
    sampleOf(2, 0, 1, 0.2),
    sampleOf(3, 1, 0, 0.6),
    sampleOf(4, 1, 1, 0.9),
  ];

  it('lies between the answers that gain by escalation and those that do not', () => {
    expect(fitThreshold(samples, 0)).toBeCloseTo(0.4, 12);
  });

  it('gives up as much as it may for fewer escalations', () => {
    // One escalation less loses a quarter.
    expect(fitThreshold(samples, 0.25)).toBeCloseTo(0.15, 12);
    expect(fitThreshold(samples, 0.5)).toBe(0);
  });

  it('does not part answers of equal confidence, and leaves out what has no score', () => {
    const equal = [
      sampleOf(1, 0, 1, 0.5),
      sampleOf(2, 1, 0, 0.5),
      sampleOf(3, 0, 1, 0.5),
      sampleOf(4, 1, 1, 0.8),
    ];
    expect(fitThreshold(equal, 0)).toBeCloseTo(0.65, 12);
    expect(fitThreshold([...samples, sampleOf(5, null, 1, 0.95), sampleOf(6, 0, null, 0.95)], 0)).toBeCloseTo(
      0.4,
      12,
    );
    expect(fitThreshold([], 0)).toBe(0);
  });
});

describe('cross-fitting', () => {
  it('escalates refusals whatever the threshold, ends with a failure, and keeps groups in one fold', () => {
    const samples = [
      ...Array.from({ length: 40 }, (_, index) => ({
        ...sampleOf(index, 1, 0, 0.9),
        group: `g${index % 8}`,
      })),
      sampleOf(90, 0, 1, 0.9, { refused: true }),
      sampleOf(91, null, 1, 0, { failed: true, confidence: null }),
    ];
    const result = crossFit(samples, { folds: 5, tolerance: 0 });
    expect(result?.thresholds).toHaveLength(5);
    const last = result?.choices.slice(-2);
    expect(last).toMatchObject([
      { escalated: true, value: 1 },
      { escalated: false, value: null },
    ]);
    expect(result?.choices.slice(0, 40).every(({ escalated }) => !escalated)).toBe(true);
    expect(crossFit([sampleOf(1, 1, 0, 0.5)], { folds: 5, tolerance: 0 })).toBeNull();
  });

  it('does not flatter where confidence is noise, as choosing on the same samples does', () => {
    // Both variants are right with .6, independently; confidence says nothing. Any cascade is right with .6.
    const repetitions = 300;
    let naive = 0;
    let fitted = 0;
    for (let seed = 1; seed <= repetitions; seed++) {
      const generator = warmGenerator(seed);
      const uniform = (): number => uniformFloat64(generator);
      const drawn = Array.from({ length: 100 }, (_, index) =>
        sampleOf(index, uniform() < 0.6 ? 1 : 0, uniform() < 0.6 ? 1 : 0, uniform()),
      );
      const result = crossFit(drawn, { folds: 5, tolerance: 0 });
      naive += (result?.inSample ?? 0) / repetitions;
      const values = result?.choices.map(({ value }) => value ?? 0) ?? [];
      fitted += values.reduce((sum, value) => sum + value, 0) / values.length / repetitions;
    }
    // One data set has a standard error of .049, the mean of 300 about .003 (choices share folds).
    expect(naive).toBeGreaterThan(0.63);
    expect(Math.abs(fitted - 0.6)).toBeLessThan(0.012);
  });
});

/** Right and sure on even questions; unsure and wrong on odd ones, refusing each ninth. */
function cheap(name: string, confident = true): Evaluated {
  return variantOf(name, 0.001, (number) => {
    if (number % 9 === 8) return { refusal: { reason: 'not-in-corpus' }, confidence: confident ? 0.1 : null };
    const right = number % 2 === 0;
    return { answer: right ? `fact ${number}` : 'no', confidence: confident ? (right ? 0.9 : 0.3) : null };
  });
}

function variantOf(
  name: string,
  usd: number,
  answer: (number: number) => Partial<Answer>,
  deployable = true,
): Evaluated {
  return {
    name,
    kind: 'external',
    deployable,
    definition: { script: name },
    estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd }),
    answer: async ({ input }) =>
      scriptedAnswer({
        cost: { usd, source: 'entered', priceDate: null, basis: 'scripted' },
        ...answer(Number(input.split(' ')[1])),
      }),
  };
}

const dear = variantOf('dear', 0.01, (number) => ({ answer: number % 10 === 7 ? 'no' : `fact ${number}` }));

async function runsOf(variants: Evaluated[]) {
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const datasets = createDatasetStore(database);
  const samples: Sample[] = Array.from({ length: 90 }, (_, index) => ({
    id: `s${String(index).padStart(2, '0')}`,
    input: `question ${index}`,
    facts: [[`fact ${index}`]],
    answerable: true,
  }));
  await datasets.save('d', samples, 'script');
  const store = createRunStore(database);
  const scorers = createScorers();
  const runs = await runEvaluation({
    dataset: await datasets.get('d'),
    variants,
    principal: localOwner,
    scorers,
    store,
    version: 'test',
  });
  return { ids: runs.map(({ id }) => id), store, scorers };
}

describe('composites of stored runs', () => {
  it('have the quality, cost and escalations that the cascade would have', async () => {
    const { ids, ...parts } = await runsOf([dear, cheap('cheap')]);
    const { report, rows } = await composeCascades(ids, 'correct', parts);
    const [cascade] = cascadesReportSchema.parse(report).cascades;
    // The cheap one goes first though it was named last. Odd questions and refusals are escalated: 45 odd ones, and
    // of the ten refusals (8, 17, 26, …) five even ones; of the escalated, those ending in 7 stay wrong (nine).
    expect(cascade).toMatchObject({ first: 'cheap', other: 'dear', n: 90, clusters: 90 });
    expect(cascade?.escalated.mean).toBeCloseTo(50 / 90, 12);
    expect(cascade?.quality.mean).toBeCloseTo(81 / 90, 12);
    expect(cascade?.againstOther.mean).toBeCloseTo(0, 12);
    expect(cascade?.againstFirst.mean).toBeCloseTo(81 / 90 - 40 / 90, 12);
    expect(cascade?.costPer1000Usd).toBeCloseTo(1 + (10 * 50) / 90, 9);
    expect(cascade?.below).toBeCloseTo(0.6, 12);
    expect(rows).toHaveLength(90);
    expect(rows[1]).toEqual({
      sample: 's01',
      variant: 'cheap>dear (composite)',
      metric: 'correct',
      group: 's01',
      tags: [],
      value: 1,
      costUsd: 0.011,
      deployable: true,
      composite: true,
    });
  });

  it('are not guessed where there is no confidence, nor made of diagnostic runs', async () => {
    const oracle = variantOf('oracle', 0.001, () => ({ answer: 'x', confidence: 0.5 }), false);
    const { ids, ...parts } = await runsOf([cheap('mute', false), dear, oracle]);
    const { report, rows } = await composeCascades(ids, 'correct', parts);
    expect(rows).toEqual([]);
    expect(report.skipped).toEqual([
      { first: 'mute', other: 'dear', reason: '80 of 80 answers of mute have no confidence' },
    ]);
    await expect(composeCascades(ids, 'cost', parts)).rejects.toMatchObject({ code: 'usage' });
    await expect(composeCascades(ids, 'correct', { ...parts, confidence: 2 })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
