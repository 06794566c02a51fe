import { describe, expect, it } from 'vitest';
import { type AttackWorld, attackRate } from './rule-attack.fixture.ts';

const repetitions = 400;
/** 5 % and three standard errors of 400 draws. */
const allowed = 0.083;
const alone = { clusters: 150, size: 1, shared: { cluster: 0, sample: 0, own: 0 } };
const alike = { ...alone, shared: { cluster: 0, sample: 0.9, own: 0 } };
const grouped = { clusters: 30, size: 5, unequal: true, shared: { cluster: 0.2, sample: 0.3, own: 0.3 } };
const margin = 0.1;

const worlds: Readonly<Record<string, AttackWorld>> = {
  'all exactly at the bar': { ...alone, means: [0.7, 0.7, 0.7, 0.7, 0.7], bar: 0.7, margin },
  'all exactly at the bar, in groups': { ...grouped, means: [0.7, 0.7, 0.7], bar: 0.7, margin },
  'all a hair above the bar': { ...alone, means: [0.701, 0.701, 0.701], bar: 0.7, margin },
  'all but one worse by exactly the margin': { ...alike, means: [0.85, 0.75, 0.75, 0.75], bar: 0.6, margin },
  'the same, independent': { ...alone, means: [0.85, 0.75, 0.75, 0.75], bar: 0.6, margin },
  'the same, in groups': { ...grouped, means: [0.85, 0.75, 0.75], bar: 0.6, margin },
  'worse by the margin and at the bar': { ...alike, means: [0.8, 0.7, 0.7, 0.7], bar: 0.7, margin },
  'half at the margin, half far': { ...alone, means: [0.85, 0.75, 0.6, 0.75, 0.6, 0.75], bar: 0.5, margin },
  'all but one a little beyond the margin': { ...alone, means: [0.85, 0.75, 0.68, 0.68], bar: 0.5, margin },
  'the best too slow by a hair': {
    ...{ ...alone, means: [0.9, 0.78, 0.78], bar: 0.7, margin },
    slow: [0.0501, 0.01, 0.01],
  },
  'labels of 30, scores biased to the worse arm': {
    ...{ ...alone, clusters: 200, means: [0.9, 0.6], bar: 0.2, margin: 0.3 },
    human: { clusters: 30, bias: [0, 0.06] },
  },
};

describe('the rule of a decision where it is wrong most easily, 400 data sets each', () => {
  const memory = new Map<string, number>();
  it.each(Object.keys(worlds))('%s', (name) => {
    expect(attackRate(worlds[name]!, repetitions, memory).wrong).toBeLessThanOrEqual(allowed);
  });
});
